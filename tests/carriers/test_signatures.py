from __future__ import annotations

from carriers.signatures import is_standard_webhook

# The example of https://www.standardwebhooks.com.
SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
BODY = b'{"test": 2432232314}'
HEADERS = {
    "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "webhook-timestamp": "1614265330",
    "webhook-signature": "v1,AAAA v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def test_standard_webhook_is_genuine_by_any_of_its_signatures() -> None:
    assert is_standard_webhook(BODY, HEADERS, SECRET)


def test_standard_webhook_with_another_body_time_or_secret_is_not() -> None:
    assert not is_standard_webhook(BODY + b" ", HEADERS, SECRET)
    assert not is_standard_webhook(BODY, HEADERS | {"webhook-timestamp": "1614265331"}, SECRET)
    assert not is_standard_webhook(BODY, HEADERS, SECRET[:-1] + "x")
    assert not is_standard_webhook(BODY, HEADERS, "whsec_not base64!")
    assert not is_standard_webhook(BODY, {}, SECRET)
