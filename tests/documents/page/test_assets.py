"""What stands in the page itself, and the policy that lets only that run."""

from __future__ import annotations

from channelkit.documents.page.assets import Assets, policy

SHA_OF_NOTHING = "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def test_a_policy_names_what_runs_by_its_hash_and_loads_nothing() -> None:
    assert policy(Assets(styles=("",), modules=("",))) == (
        f"default-src 'none'; style-src {SHA_OF_NOTHING}; script-src {SHA_OF_NOTHING};"
        " base-uri 'none'; form-action 'none';"
        " require-trusted-types-for 'script'; trusted-types 'none'"
    )


def test_a_policy_lets_scripts_connect_where_they_say() -> None:
    assert "; connect-src 'self' wss:; " in policy(Assets(connects=("'self'", "wss:")))


def test_assets_are_written_in_their_order() -> None:
    assets = Assets(styles=("a",), early=("c",), modules=("d",)) + Assets(
        styles=("b",), modules=("e",)
    )

    assert assets.head().text == "<style>a</style><style>b</style><script>c</script>"
    assert assets.foot().text == '<script type="module">d</script><script type="module">e</script>'
