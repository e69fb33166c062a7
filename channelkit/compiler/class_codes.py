"""The problems of a channel class: its topic pattern, its parameters, its state. Pure."""

from __future__ import annotations

from .codes import Code

__all__ = ["ClassCode"]


class ClassCode(Code):
    """What can be wrong with a channel class, its handlers' types apart."""

    NOT_A_CHANNEL = (
        "CK001",
        "the list of channels holds something that is no channel class",
        "subclasses of Channel, and Routers of such",
        "list the classes themselves, as in  channels=[Room, Lobby]",
    )
    NO_PATTERN = (
        "CK002",
        "the channel has no topic pattern",
        "@channel with a pattern above the class",
        'name its topics, for example  @channel("{example}:{{id}}")',
    )
    BAD_PATTERN = (
        "CK003",
        "the topic pattern cannot be read",
        "literals, {{parameter}} segments and at the end perhaps {{rest*}}, joined by colons",
        'write it like  @channel("room:{{room_id}}")',
    )
    TAKES_PHOENIX = (
        "CK004",
        "the topic pattern takes the topic 'phoenix'",
        "a pattern that does not, because heartbeats go there",
        "start the pattern with a literal of its own, as in  room:{{name}}",
    )
    SAME_PATTERN = (
        "CK005",
        "two channels have the same topics",
        "one channel for each pattern, whatever its parameters are called",
        "remove one of the two, or give it a pattern of its own",
    )
    HIDDEN_PATTERN = (
        "CK006",
        "an earlier channel takes every topic of this one",
        "the more specific pattern first, because the first match wins",
        "list {later} before {earlier}",
    )
    CROSSING_PATTERNS = (
        "CK007",
        "two channels share some topics",
        "patterns that are apart, or of which one is the more specific",
        "begin one of them with another literal",
    )
    OWN_INIT = (
        "CK008",
        "the channel class has an __init__",
        "none: instances are made by joins, and it would never run",
        "give the member's state defaults in the class, or set it in the join handler",
    )
    NO_JOIN = (
        "CK009",
        "the channel has no join handler",
        "exactly one method under @on_join: without it nobody could be let in",
        "add one, for example  @on_join async def join(self, params: Open) -> None: ...",
    )
    PARAMETER_NOT_ANNOTATED = (
        "CK033",
        "a topic parameter has no annotation in the class",
        "a bare annotation for each parameter of the pattern",
        "write  {parameter}: str  in the class, or another type with a text form",
    )
    NO_SUCH_PARAMETER = (
        "CK034",
        "a bare annotation names no parameter of the topic pattern",
        "one of the parameters of {pattern} ({parameters})",
        "add it to the pattern; state gets a default, is a ClassVar, or is set in a method",
    )
    PARAMETER_TYPE = (
        "CK035",
        "the topic parameter has a type that no topic can carry",
        "str, int, bool, UUID, date, a Literal or an Enum of str or int values",
        "choose one of these and convert in the join handler",
    )
    REST_TYPE = (
        "CK036",
        "the rest parameter is no str",
        "str, because the rest may be empty and hold any characters",
        "write  {parameter}: str  and take it apart in the join handler",
    )
    SHARED_STATE = (
        "CK037",
        "a mutable default would be shared by all members",
        "an immutable default, or a ClassVar where sharing is meant",
        "set it for each member in the join handler, as in  self.{attribute} = ...",
    )
    RESERVED_NAME = (
        "CK038",
        "the attribute hides one that every channel has",
        "a name of its own",
        "rename it; taken are {names}",
    )
    ONLY_DECLARED = (
        "CK082",
        "the channel is only declared, for clients",
        "channels with handlers of this program",
        "subclass it under a @channel of its own, with a handler for its join and each event",
    )
    INHERITS_DECLARED = (
        "CK083",
        "the channel has no handler of its own where its base only declares one",
        "a handler for the join and for each event of a base under @channel(..., declared=True)",
        "override  {handler}  with what it does",
    )
