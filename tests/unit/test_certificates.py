"""A client's certificate, read from what Python's ssl module gives."""

from __future__ import annotations

from channelkit.certificates import Certificate


def test_there_is_none_where_none_was_shown() -> None:
    assert Certificate.read(None, {}) is None


def test_a_certificate_says_whom_it_names() -> None:
    fields = {
        "subject": ((("organizationName", "Acme"),), (("commonName", "ann"), ("title", "Dr"))),
        "subjectAltName": (("DNS", "ann.example"), ("email", "ann@ann.example")),
    }

    assert Certificate.read(b"der", fields) == Certificate(
        b"der",
        {"organizationName": "Acme", "commonName": "ann", "title": "Dr"},
        (("DNS", "ann.example"), ("email", "ann@ann.example")),
    )


def test_a_certificate_may_name_nobody() -> None:
    assert Certificate.read(b"der", None) == Certificate(b"der", {}, ())
    assert Certificate.read(b"der", {}) == Certificate(b"der")
