"""The problems of a channel's presence. Pure."""

from __future__ import annotations

from .codes import Code

__all__ = ["PresenceCode"]


class PresenceCode(Code):
    """What can be wrong with ``here = Presence(Meta)``."""

    META_TYPE = (
        "CK051",
        "the presence's meta is no model of its own",
        "a class derived from Message or BaseModel",
        "give it one, as in  class Online(Message): status: str",
    )
    META_NOT_AN_OBJECT = (
        "CK052",
        "the meta's JSON form is no object",
        "an object, to which phx_ref is added",
        "put the value into a field of {meta}",
    )
    META_REF = (
        "CK053",
        "a field of the meta takes the place of its ref",
        "no field that is called phx_ref or phx_ref_prev on the wire",
        "rename the field; track and update return the ref",
    )
    SECOND_PRESENCE = (
        "CK054",
        "the channel has two presences",
        "one, because clients know its events by their names",
        "make them one, perhaps with a field that tells them apart",
    )
    PRESENCE_EVENT = (
        "CK055",
        "a push has the name of a presence event",
        "presence_state and presence_diff for the presence alone",
        'name it otherwise, as in  class {message}(Message, event="…")',
    )
    FETCH_RETURN = (
        "CK056",
        "the presence's fetch returns something else than a model for each key",
        "a Mapping from str to one model whose JSON form is an object without a field 'metas'",
        "return  dict[str, Profile]  with  class Profile(Message)",
    )
