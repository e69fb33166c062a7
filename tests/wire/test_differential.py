"""Any bytes, cut and stopped anywhere, mean what websockets' own machine says they mean."""

from __future__ import annotations

from codecs import getincrementaldecoder
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from hypothesis import example, given, settings
from hypothesis import strategies as st
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN
from websockets.server import ServerProtocol

from channelkit import Limits
from channelkit.exits import BadEncoding, BadFrame, Closed, Exit, fault

from .client import BINARY, CONT, PING, TEXT, close, frame
from .fakes import open_websocket

if TYPE_CHECKING:
    from codecs import IncrementalDecoder

    from hypothesis.strategies import SearchStrategy

LIMITS = Limits(message=300, fragments=5)


@dataclass
class Meaning:
    """What a stream of bytes amounts to."""

    messages: list[tuple[bytes, bool]] = field(default_factory=list[tuple[bytes, bool]])
    exit: Exit | None = None
    written: bytes = b""


def meant(stream: bytes) -> Meaning:
    """The meaning by `ServerProtocol`, given everything at once; by RFC 6455 where it is silent."""
    protocol = ServerProtocol(state=OPEN, max_size=LIMITS.message)
    protocol.receive_data(stream)
    meaning, parts, opcode = Meaning(), list[bytes](), Opcode.TEXT
    text = getincrementaldecoder("utf-8")()
    for event in protocol.events_received():
        assert isinstance(event, Frame)
        if event.opcode in (Opcode.PING, Opcode.PONG, Opcode.CLOSE):
            continue
        if event.opcode is not Opcode.CONT:
            opcode, text = event.opcode, getincrementaldecoder("utf-8")()
        parts.append(bytes(event.data))
        if len(parts) > LIMITS.fragments:
            meaning.exit = BadFrame(1008)
            return meaning
        if opcode is Opcode.TEXT and not decodes(text, parts[-1], last=event.fin):
            meaning.exit = BadEncoding()
            return meaning
        if event.fin:
            message, parts = b"".join(parts), []
            meaning.messages.append((message, opcode is Opcode.BINARY))
    meaning.exit = ended(protocol)
    meaning.written = b"".join(protocol.data_to_send())
    return meaning


def ended(protocol: ServerProtocol) -> Exit | None:
    if protocol.close_rcvd is not None and (
        protocol.parser_exc is None or "incomplete fragmented" in str(protocol.parser_exc)
    ):
        return Closed(protocol.close_rcvd.code, protocol.close_rcvd.reason)
    return None if protocol.close_sent is None else fault(protocol.close_sent.code)


def decodes(text: IncrementalDecoder, data: bytes, *, last: bool) -> bool:
    """Whether a message may go on with this; what is no UTF-8 shows in its own frame."""
    try:
        text.decode(data, last)
    except UnicodeDecodeError:
        return False
    return True


def received(stream: bytes, cuts: list[int], stops: set[int], *, fast_path: bool) -> Meaning:
    """The meaning by our own reading, bytes arriving in pieces, reading stopped here and there."""
    carrier, link, connection = open_websocket(LIMITS, fast_path=fast_path)

    def stop() -> None:
        if len(connection.messages) in stops:
            carrier.pause_reading()

    connection.on_message = stop
    carrier.resume_reading()
    edges = sorted({0, len(stream), *(cut % (len(stream) + 1) for cut in cuts)})
    for start, end in pairwise(edges):
        carrier.data(stream[start:end])
        if start % 2 and connection.exit is None:
            carrier.resume_reading()
    for _ in stops:
        if connection.exit is None:
            carrier.resume_reading()
    assert link.ended == (connection.exit is not None)
    return Meaning(connection.messages, connection.exit, bytes(link.written))


def legal_frames() -> SearchStrategy[bytes]:
    payloads = st.one_of(
        st.text(max_size=20).map(str.encode),
        st.binary(max_size=20),
        st.sampled_from([b"", b"x" * 125, b"x" * 126, b"x" * 300]),
    )
    return st.builds(
        frame,
        st.sampled_from([TEXT, TEXT, BINARY, PING, CONT]),
        payloads,
        fin=st.sampled_from([True, True, True, False]),
        mask=st.binary(min_size=4, max_size=4),
    )


def other_frames() -> SearchStrategy[bytes]:
    return st.one_of(
        st.builds(
            frame,
            st.integers(0, 15),
            st.binary(max_size=130),
            fin=st.booleans(),
            rsv=st.integers(0, 7),
            mask=st.sampled_from([None, b"abcd"]),
            form=st.sampled_from([None, 126, 127]),
        ),
        st.builds(frame, st.integers(0, 2), length=st.integers(301, 2**64 - 1)),
        st.builds(close, st.integers(0, 5001), st.text(max_size=10)),
        st.just(close()),
        st.binary(max_size=20),
    )


STREAMS = st.lists(
    st.one_of(legal_frames(), legal_frames(), legal_frames(), other_frames()), max_size=12
).map(b"".join)


@settings(max_examples=600, deadline=None)
@given(
    stream=STREAMS,
    cuts=st.lists(st.integers(0, 5000), max_size=12),
    stops=st.sets(st.integers(1, 10), max_size=4),
    fast_path=st.booleans(),
)
@example(stream=frame(TEXT, b"[", fin=False) + close(1000), cuts=[], stops=set(), fast_path=True)
@example(stream=frame(TEXT, b"\x80", fin=False), cuts=[], stops=set(), fast_path=False)
@example(stream=frame(TEXT, b"x" * 301), cuts=[10], stops=set(), fast_path=True)
def test_our_reading_and_websockets_agree(
    *, stream: bytes, cuts: list[int], stops: set[int], fast_path: bool
) -> None:
    expected = meant(stream)

    came = received(stream, cuts, stops, fast_path=fast_path)

    assert came.messages == expected.messages
    assert came.exit == expected.exit
    if not isinstance(came.exit, (BadFrame, BadEncoding, Closed)):
        assert came.written == expected.written


@settings(max_examples=300, deadline=None)
@given(stream=STREAMS, cuts=st.lists(st.integers(0, 5000), max_size=12))
def test_the_bytes_that_go_out_are_the_same_on_both_paths(
    *, stream: bytes, cuts: list[int]
) -> None:
    fast = received(stream, cuts, set(), fast_path=True)

    library = received(stream, cuts, set(), fast_path=False)

    assert fast == library
