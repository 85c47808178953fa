"""The environment is read once; whatever is wrong in it is named at once, and no secret is ever shown."""

import pytest
from pydantic import ValidationError

from bot.settings import Settings, SettingsFaults, read

GIVEN = {
    "BATON_SLACK_TOKEN": "xoxb-sesame",
    "BATON_SLACK_SIGNING_SECRET": "sesame-signing",
    "BATON_INTAKE_SECRET": "sesame-intake",
}


def told(environ: dict[str, str]) -> list[str]:
    with pytest.raises(SettingsFaults) as caught:
        read(environ)
    assert str(caught.value) == "\n".join(caught.value.faults)
    assert caught.value.__cause__ is None
    return list(caught.value.faults)


def test_three_secrets_are_all_it_takes() -> None:
    settings = read(GIVEN)
    assert settings.slack_token.get_secret_value() == "xoxb-sesame"
    assert settings.database_url == "sqlite:///baton.sqlite"
    assert (settings.host, settings.port, settings.demo, settings.log_format) == ("127.0.0.1", 3000, False, "console")
    assert settings.slack_api_url == "https://slack.com/api/"
    assert settings.config_dir is None
    assert settings.public_url is None


def test_the_environment_of_the_process_is_not_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "1")
    monkeypatch.setenv("BATON_PORT", "1")
    assert read(GIVEN).port == 3000
    assert Settings(slack_token="xoxb-1", slack_signing_secret="2", intake_secret="3").port == 3000


@pytest.mark.parametrize(
    ("name", "value", "key", "held"),
    [
        ("BATON_PORT", " 8080 ", "port", 8080),
        ("BATON_DEMO", "1", "demo", True),
        ("BATON_LOG_FORMAT", "json", "log_format", "json"),
        ("BATON_HOST", "0.0.0.0", "host", "0.0.0.0"),
        ("BATON_HOST", "", "host", "127.0.0.1"),
        ("BATON_SLACK_API_URL", "http://127.0.0.1:9000/api", "slack_api_url", "http://127.0.0.1:9000/api/"),
        ("BATON_PUBLIC_URL", "https://baton.example.com/", "public_url", "https://baton.example.com"),
        (
            "BATON_DATABASE_URL",
            "postgresql://u:p@h/d?sslmode=require",
            "database_url",
            "postgresql://u:p@h/d?sslmode=require",
        ),
        ("BATON_DATABASE_URL", "sqlite:////var/lib/b.sqlite", "database_url", "sqlite:////var/lib/b.sqlite"),
    ],
)
def test_each_variable_lands_in_its_setting(name: str, value: str, key: str, held: object) -> None:
    assert getattr(read(GIVEN | {name: value}), key) == held


URL = "expected an http or https address without password and query"
DATABASE = "expected an address that starts with sqlite:/// or postgresql://"


@pytest.mark.parametrize(
    ("name", "value", "fault"),
    [
        ("BATON_PORT", "http", "got 'http', expected a whole number from 0 to 65535"),
        ("BATON_PORT", "70000", "got '70000', expected a whole number from 0 to 65535"),
        ("BATON_DEMO", "perhaps", "got 'perhaps', expected true or false"),
        ("BATON_LOG_FORMAT", "xml", "got 'xml', expected console or json"),
        ("BATON_SLACK_API_URL", "slack.com/api", f"got 'slack.com/api', {URL}"),
        ("BATON_SLACK_API_URL", "ftp://slack.com/", f"got 'ftp://slack.com/', {URL}"),
        ("BATON_PUBLIC_URL", "https://", f"got 'https://', {URL}"),
        ("BATON_PUBLIC_URL", "https://h:99999", f"got 'https://h:99999', {URL}"),
        ("BATON_PUBLIC_URL", "https://[h", f"got 'https://[h', {URL}"),
        ("BATON_PUBLIC_URL", "https://a b", f"got 'https://a b', {URL}"),
        ("BATON_PUBLIC_URL", "https://ana:sesame@h", f"got https:… (rest hidden), {URL}"),
        ("BATON_PUBLIC_URL", "https://h?token=sesame", f"got https:… (rest hidden), {URL}"),
        ("BATON_DATABASE_URL", "baton.sqlite", f"got 'baton.sqlite', {DATABASE}"),
        ("BATON_DATABASE_URL", "sqlite://", f"got 'sqlite://', {DATABASE}"),
        ("BATON_DATABASE_URL", "sqlite:///", f"got 'sqlite:///', {DATABASE}"),
        ("BATON_DATABASE_URL", "postgresql://", f"got 'postgresql://', {DATABASE}"),
        ("BATON_DATABASE_URL", "postgres://ana:sesame@h/d", f"got postgres:… (rest hidden), {DATABASE}"),
        ("BATON_DATABASE_URL", "ana:sesame@h/d", f"got something else (hidden), {DATABASE}"),
        ("BATON_DATABASE_URL", "mysql://h/d?password=sesame", f"got mysql:… (rest hidden), {DATABASE}"),
        (
            "BATON_SLACK_TOKEN",
            "xapp-sesame",
            "got something else (hidden), expected the bot token of the Slack app, which starts with xoxb-",
        ),
    ],
)
def test_a_wrong_value_is_named_with_what_was_expected_and_no_secret(name: str, value: str, fault: str) -> None:
    assert told(GIVEN | {name: value}) == [f"{name}: {fault}"]


@pytest.mark.parametrize("blank", [{}, dict.fromkeys(GIVEN, ""), dict.fromkeys(GIVEN, "  ")])
def test_a_missing_secret_is_named_for_there_is_no_default(blank: dict[str, str]) -> None:
    assert told(blank) == [
        "BATON_SLACK_TOKEN: is missing, expected the bot token of the Slack app, which starts with xoxb-",
        "BATON_SLACK_SIGNING_SECRET: is missing, expected the signing secret of the Slack app",
        "BATON_INTAKE_SECRET: is missing, expected a secret shared with whoever sends leads",
    ]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("BATON_SLACK_TOKN", "BATON_SLACK_TOKEN"),
        ("BATON_slack_token", "BATON_SLACK_TOKEN"),
        ("BATON_DATABASE", "BATON_DATABASE_URL"),
    ],
)
def test_a_typing_error_is_named_with_the_nearest_setting_and_without_its_value(name: str, near: str) -> None:
    assert told(GIVEN | {name: "sesame"}) == [f"{name}: is not a setting, expected {near}"]


def test_a_name_like_no_other_is_answered_with_all_there_are() -> None:
    (fault,) = told(GIVEN | {"BATON_XQ": "sesame"})
    assert all(f"BATON_{key.upper()}" in fault for key in Settings.model_fields)


def test_variables_of_the_tests_are_let_through() -> None:
    assert read(GIVEN | {"BATON_TEST_POSTGRES_URL": "x"}) == read(GIVEN)


def test_everything_wrong_is_told_at_once() -> None:
    faults = told({"BATON_PORT": "x", "BATON_DEMO": "x", "BATON_PROT": "1", "BATON_INTAKE_SECRET": "s"})
    assert {fault.split(":")[0] for fault in faults} == {
        "BATON_SLACK_TOKEN",
        "BATON_SLACK_SIGNING_SECRET",
        "BATON_PROT",
        "BATON_DEMO",
        "BATON_PORT",
    }


def test_secrets_are_in_no_repr() -> None:
    settings = read(GIVEN | {"BATON_DATABASE_URL": "postgresql://ana:sesame@h/d"})
    assert "sesame" not in repr(settings) + str(settings)


def test_settings_built_by_hand_keep_the_secret_out_of_their_complaint() -> None:
    with pytest.raises(ValidationError) as caught:
        Settings(slack_token="sesame", slack_signing_secret="sesame", intake_secret="sesame", port=-1)
    assert "sesame" not in str(caught.value)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        read(GIVEN).port = 1  # type: ignore[misc]


def test_a_command_that_needs_the_database_alone_does_without_secrets() -> None:
    settings = read({"BATON_DATABASE_URL": "sqlite:///x.sqlite"}, secrets=False)
    assert settings.database_url == "sqlite:///x.sqlite"


def test_a_secret_that_was_not_asked_for_says_so_when_it_is_used_after_all() -> None:
    settings = read({}, secrets=False)
    with pytest.raises(SettingsFaults, match=r"^BATON_INTAKE_SECRET: is missing, expected a secret"):
        settings.intake_secret.get_secret_value()
