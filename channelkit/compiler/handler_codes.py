"""The problems of handlers: how they are marked, and what they take and return. Pure."""

from __future__ import annotations

from .codes import Code

__all__ = ["HandlerCode"]


class HandlerCode(Code):
    """What can be wrong with a handler, a permission or `connect`."""

    NOT_A_FUNCTION = (
        "CK010",
        "the handler is no plain function",
        "one decorator of channelkit over one async method",
        "put the decorator directly above the def, and only one above each",
    )
    NOT_ASYNC = (
        "CK011",
        "the handler is not async",
        "async def, and return instead of yield",
        "write  async def {function}",
    )
    NO_PARAMETER_TYPE = (
        "CK012",
        "the payload parameter has no type",
        "{expected}",
        "annotate it, for example  {parameter}: {example}",
    )
    NO_RETURN_TYPE = (
        "CK013",
        "the handler has no return type",
        "{expected}",
        "annotate it, for example  -> {example}",
    )
    PARAMETER_COUNT = (
        "CK014",
        "the handler has the wrong parameters",
        "{expected}",
        "what else it needs, it finds {elsewhere}",
    )
    PAYLOAD_TYPE = (
        "CK015",
        "the parameter's type is no payload",
        "{expected}",
        "give the payload a class of its own, as in  class NewMessage(Message): body: str",
    )
    RETURN_TYPE = (
        "CK016",
        "the return type is no answer",
        "{expected}",
        "give the answer a class of its own, as in  class Accepted(Message): id: int",
    )
    BARE_BASE = (
        "CK017",
        "the type is a base class without fields",
        "a subclass that says what it carries",
        "{advice}",
    )
    BEHIND_OPEN = (
        "CK018",
        "a payload type is never reached",
        "Open as the last of the types, because it takes everything",
        "write {arm} before {open}",
    )
    UNMARKED_OVERRIDE = (
        "CK019",
        "a handler is overridden by a method that is none",
        "the same decorator on both, because a mark is not inherited by the override",
        "mark it too; to switch the handler off write  {attribute} = None",
    )
    ONLY_FOR_TYPING = (
        "CK020",
        "the annotation names something imported only under TYPE_CHECKING",
        "a name that exists at run time, because annotations are read then",
        "import {name} outside of the TYPE_CHECKING block",
    )
    LOCAL_NAME = (
        "CK021",
        "the annotation names something local to a function",
        "a name of the module, because annotations are read outside of the function",
        "move {name} to the module's level",
    )
    UNRESOLVED = (
        "CK022",
        "the annotation cannot be read",
        "an expression of names that the module knows",
        "correct it, or import what it names",
    )
    SECOND_JOIN = (
        "CK023",
        "the channel has a second join handler",
        "exactly one, because every join has one verdict",
        "remove one; a subclass overrides a handler under the same name",
    )
    SECOND_HOOK = (
        "CK024",
        "the channel has a second @after_join, @on_drain or @on_leave method",
        "at most one, because their order would be a guess",
        "make them one; a subclass overrides it under the same name",
    )
    NOT_EXIT = (
        "CK025",
        "the parameter of on_leave is no Exit",
        "Exit, the union of all ways in which a member's time can end",
        "write  {parameter}: Exit  and use match for the cases that matter",
    )
    RETURNS_TO_NOBODY = (
        "CK026",
        "the method returns something that nobody reads",
        "None, because no client waits for an answer",
        "annotate it  -> None ; it may push or broadcast instead",
    )
    SAME_EVENT = (
        "CK027",
        "two handlers take one event",
        "one handler for each event of a channel",
        "rename one of the events; a subclass overrides a handler under the same name",
    )
    RESERVED_EVENT = (
        "CK028",
        "the event's name is reserved",
        "a name that does not start with 'phx_'",
        "rename it; joins and leaves have their own decorators",
    )
    NO_EVENT_NAME = (
        "CK029",
        "the event has no name",
        "a text that is not empty",
        'name it, as in  @on_event("{example}")',
    )
    BAD_ALLOW = (
        "CK030",
        "the permission cannot be asked",
        "a plain function that takes the channel instance and returns a bool",
        "write  def {example}(channel: {channel}) -> bool ; only the handler may wait",
    )
    INFO_TYPE = (
        "CK031",
        "the info's type cannot be told apart",
        "a class, or a union of classes",
        "give the info a class of its own; a small frozen dataclass will do",
    )
    INFOS_OVERLAP = (
        "CK032",
        "two handlers take one info",
        "classes of which none is a subclass of the other's",
        "make it one handler, and tell the classes apart with match",
    )
    BAD_RATE = (
        "CK057",
        "the rate cannot be read",
        "a whole number, a slash and one of the units s, m, h; perhaps a burst",
        'write it like  rate="10/s"  or  rate="600/m burst 20"',
    )
    STREAM_RETURN = (
        "CK058",
        "the handler yields, but its return type is no stream",
        "AsyncIterator[...] of what it yields",
        "annotate it  -> AsyncIterator[{example}] , or return the answer instead of yielding it",
    )
    STREAM_ITEM = (
        "CK059",
        "the stream yields what the channel does not declare",
        "the channel's pushes ({pushes}), and Refusal subclasses",
        "declare it, as in  Channel[..., {example}]",
    )
    TAKEN_BY_FIRST = (
        "CK075",
        "clients of the first Phoenix cannot send the event",
        "another name: on a mount with vsn=0.x, 'join' and 'leave' mean what they say",
        "rename it, or serve these clients at a mount without this channel",
    )
