"""What people type about themselves, checked."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import gettext_lazy as _

from merchants.models import User


def _email() -> forms.EmailField:
    return forms.EmailField(
        label=_("E-mail"),
        max_length=254,
        widget=forms.EmailInput(attrs={"dir": "ltr", "autocomplete": "username"}),
    )


def _new_password() -> forms.CharField:
    return forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=500,
        help_text=_("At least ten characters; several words are easy to keep."),
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "new-password"}),
    )


class SignUpForm(forms.Form):
    """A stranger makes an account."""

    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = _email()
    password = _new_password()

    def clean(self) -> dict[str, Any]:
        """The password is weighed against name and address, which it must not repeat."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        password = typed.get("password")
        if password:
            person = User(email=typed.get("email", ""), name=typed.get("name", ""))
            try:
                validate_password(password, person)
            except forms.ValidationError as problem:
                self.add_error("password", problem)
        return typed


class AddressForm(forms.Form):
    """Whose mailbox a link is sent to."""

    email = _email()


class ConfirmForm(forms.Form):
    """The account's password, to prove that link and account are one person's."""

    password = forms.CharField(
        label=_("Password"),
        strip=False,
        max_length=500,
        widget=forms.PasswordInput(attrs={"dir": "ltr", "autocomplete": "current-password"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if not self.user.check_password(password):
            raise forms.ValidationError(_("This is not the password of this account."))
        return password


class PasswordForm(forms.Form):
    """A new password, for the holder of a link."""

    password = _new_password()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, self.user)
        return password
