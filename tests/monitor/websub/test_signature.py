"""Whether a push is its hub's own."""

import pytest

from monitor.websub.signature import METHODS, is_signed, signature

# RFC 4231 (SHA-2) and RFC 2202 (SHA-1), test case 2.
SECRET, BODY = "Jefe", b"what do ya want for nothing?"
KNOWN = {
    "sha1": "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79",
    "sha256": "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    "sha384": ("af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b3239ecfab21649"),
    "sha512": (
        "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
        "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
    ),
}


@pytest.mark.parametrize("method", METHODS)
def test_each_method_gives_the_digits_of_the_standard(method: str) -> None:
    assert signature(method, SECRET, BODY) == f"{method}={KNOWN[method]}"
    assert is_signed(f"{method}={KNOWN[method]}", SECRET, BODY)
    assert is_signed(f" {method.upper()} = {KNOWN[method].upper()} ", SECRET, BODY)


@pytest.mark.parametrize(
    "header",
    [
        "",
        "sha256",
        "sha256=",
        KNOWN["sha256"],
        f"md5={KNOWN['sha1']}",
        f"sha1={KNOWN['sha256']}",
        f"sha256={KNOWN['sha256'][:-1]}",
        "sha256=é",
    ],
)
def test_anything_else_is_no_signature(header: str) -> None:
    assert not is_signed(header, SECRET, BODY)


def test_another_secret_or_body_is_no_signature() -> None:
    header = f"sha256={KNOWN['sha256']}"

    assert not is_signed(header, "jefe", BODY)
    assert not is_signed(header, SECRET, BODY + b" ")
