using KeysCluster.Cluster.EndToEnd.History;
using static KeysCluster.Cluster.EndToEnd.Checking.CheckerAssert;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Tests the rules of validations with histories that violate them, and with the closest ones that do not.
/// </summary>
public sealed class VerdictRuleTests
{
    [Fact]
    public void A_revoked_secret_is_refused_by_validations_started_after_the_response()
    {
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            new HistoryBuilder().Change(CallKind.Revoke, 2, 4).Validate("a", 4.1, 5, "active"));
        AssertNoViolation(new HistoryBuilder().Change(CallKind.Revoke, 2, 4).Validate("a", 3.9, 5, "active"));
        AssertNoViolation(
            new HistoryBuilder().Change(CallKind.Revoke, 2, 4, status: 503).Validate("a", 4.1, 5, "active"));
        AssertNoViolation(new HistoryBuilder().Change(CallKind.Revoke, 2, 4).Validate("a", 4.1, 5, "revoked"));
    }

    [Fact]
    public void A_permission_that_was_taken_away_is_refused_by_validations_started_after_the_response()
    {
        var narrowed = () => new HistoryBuilder().SetPermission(2, 3, gives: true).SetPermission(5, 7, gives: false);

        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            narrowed().Validate("a", 7.1, 8, "active", needsPermission: true));
        AssertNoViolation(narrowed().Validate("a", 6.9, 8, "active", needsPermission: true));
        AssertNoViolation(narrowed().Validate("a", 7.1, 8, "insufficient_permissions", needsPermission: true));
        AssertNoViolation(narrowed().Validate("a", 7.1, 8, "active"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            narrowed().Validate("a", 3.1, 4, "insufficient_permissions", needsPermission: true));
    }

    [Fact]
    public void Keys_of_a_disabled_project_are_refused_after_the_response_until_it_is_enabled()
    {
        var disabled = () => new HistoryBuilder().Change(CallKind.Disable, 2, 4);

        AssertViolates(RuleNames.AcceptedAfterInvalidation, disabled().ValidateMember(4.1, 5, "active"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation, disabled().Authenticate("a", 4.1, 5, 200));
        AssertNoViolation(disabled().ValidateMember(3.9, 5, "active").Authenticate("a", 3.9, 5, 200));
        AssertNoViolation(disabled().ValidateMember(4.1, 5, "project_disabled").Authenticate("a", 4.1, 5, 403));
        var enabled = () => disabled().Change(CallKind.Enable, 6, 7);
        AssertNoViolation(enabled().ValidateMember(7.1, 8, "active").Authenticate("a", 7.1, 8, 200));
        AssertViolates(RuleNames.RejectedWithoutReason, enabled().ValidateMember(7.1, 8, "project_disabled"));
        AssertViolates(RuleNames.RejectedWithoutReason, enabled().Authenticate("a", 7.1, 8, 403));
    }

    [Fact]
    public void A_retiring_secret_is_valid_before_its_deadline_and_refused_from_it_on()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 10, "b");

        AssertViolates(RuleNames.AcceptedAfterInvalidation, rotated().Validate("a", 12, 12.5, "retiring"));
        AssertNoViolation(rotated().Validate("a", 11.999, 12.5, "retiring"));
        AssertNoViolation(rotated().Validate("a", 11.5, 12, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated().Validate("a", 11.5, 11.999, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated().Validate("a", 5, 6, "not_found"));
    }

    [Fact]
    public void A_rotation_without_a_grace_period_expires_the_old_secret_when_it_returns()
    {
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            new HistoryBuilder().Rotate(2, 4, 0, "b").Validate("a", 4.1, 5, "active"));
        AssertNoViolation(new HistoryBuilder().Rotate(2, 4, 0, "b").Validate("a", 3.9, 5, "active"));
        AssertNoViolation(new HistoryBuilder().Rotate(2, 4, 0, "b").Validate("a", 2.1, 2.2, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            new HistoryBuilder().Rotate(2, 4, 0, "b").Validate("a", 1.5, 1.9, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            new HistoryBuilder().Rotate(2, 4, 0, "b").Validate("b", 4.1, 5, "not_found"));
    }

    [Fact]
    public void A_rotation_completed_before_a_secret_was_issued_does_not_expire_it()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 0, "b").Rotate(4, 5, 0, "c");

        AssertViolates(RuleNames.RejectedWithoutReason, rotated().Validate("c", 6, 7, "not_found"));
        AssertNoViolation(rotated().Rotate(6, 7, 0, "d", status: 503).Validate("c", 6.5, 7, "expired_secret"));
    }

    [Fact]
    public void Expiring_retiring_secrets_ends_one_or_all_of_them_and_never_the_current_one()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 100, "b");

        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            rotated().Change(CallKind.ExpireOne, 4, 5, secret: "a").Validate("a", 6, 7, "retiring", until: 102));
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            rotated().Change(CallKind.ExpireAll, 4, 5).Validate("a", 6, 7, "retiring", until: 102));
        AssertNoViolation(rotated().Change(CallKind.ExpireAll, 4, 5).Validate("b", 6, 7, "active"));
        AssertNoViolation(rotated()
            .Change(CallKind.ExpireOne, 4, 5, 503, "a", isApplied: true)
            .Validate("a", 6, 7, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            rotated().Change(CallKind.ExpireOne, 4, 5, secret: "a").Validate("b", 6, 7, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            rotated().Validate("a", 6, 7, "expired_secret").Change(CallKind.ExpireAll, 8, 9));
    }

    [Fact]
    public void Expiring_all_secrets_before_a_rotation_excuses_no_rejection_after_it()
    {
        var expired = () => new HistoryBuilder().Change(CallKind.ExpireAll, 1.1, 1.5);

        AssertViolates(RuleNames.RejectedWithoutReason,
            expired().Rotate(2, 3, 100, "b").Validate("a", 4, 5, "not_found"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            expired().Rotate(2, 3, 100, "b").Validate("a", 4, 5, "expired_secret"));
        AssertNoViolation(expired().Rotate(2, 3, 100, "b").Validate("a", 4, 5, "retiring"));
    }

    [Fact]
    public void A_disabled_key_is_refused_unless_a_later_enable_may_have_taken_effect()
    {
        var disabled = () => new HistoryBuilder().Change(CallKind.Disable, 2, 3);

        AssertViolates(RuleNames.AcceptedAfterInvalidation, disabled().Validate("a", 4, 5, "active"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 2.5, 2.9).Validate("a", 4, 5, "active"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 4.5, 9).Validate("a", 4, 5, "active"));
        AssertNoViolation(disabled()
            .Change(CallKind.Enable, 3.5, 3.6, status: null, isApplied: true)
            .Validate("a", 4, 5, "active"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            disabled().Change(CallKind.Enable, 3.5, 3.6, status: null).Validate("a", 4, 5, "active"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            disabled().Change(CallKind.Enable, 5.1, 6).Validate("a", 4, 5, "active"));
    }

    [Fact]
    public void An_enabled_key_is_not_reported_as_disabled()
    {
        var disabled = () => new HistoryBuilder().Change(CallKind.Disable, 2, 3);

        AssertViolates(RuleNames.RejectedWithoutReason,
            disabled().Change(CallKind.Enable, 4, 5).Validate("a", 6, 7, "disabled"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 4, 5).Validate("a", 4.9, 7, "disabled"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 4, 5, status: 503).Validate("a", 6, 7, "disabled"));
        AssertViolates(RuleNames.RejectedWithoutReason, new HistoryBuilder().Validate("a", 2, 3, "disabled"));
    }

    [Fact]
    public void A_secret_of_a_revoked_key_is_reported_as_revoked()
    {
        var revoked = () => new HistoryBuilder().Change(CallKind.Disable, 2, 3).Change(CallKind.Revoke, 4, 5);

        AssertViolates(RuleNames.WrongRejectionCode, revoked().Validate("a", 6, 7, "disabled"));
        AssertNoViolation(revoked().Validate("a", 4.5, 7, "disabled"));
        AssertViolates(RuleNames.WrongRejectionCode, revoked().Validate("a", 6, 7, "not_found"));
        AssertViolates(RuleNames.RejectedWithoutReason, new HistoryBuilder().Validate("a", 6, 7, "revoked"));
        AssertNoViolation(new HistoryBuilder()
            .Change(CallKind.Revoke, 6.5, 9, status: null, isApplied: true)
            .Validate("a", 6, 7, "revoked"));
    }

    [Fact]
    public void A_key_expires_at_its_expiry_and_not_before()
    {
        var expiring = () => new HistoryBuilder().Change(CallKind.Update, 2, 3, until: 10);

        AssertNoViolation(expiring().Validate("a", 9, 9.9, "active").Validate("a", 10, 11, "expired"));
        AssertViolates(RuleNames.RejectedWithoutReason, expiring().Validate("a", 9, 9.9, "expired"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation, expiring().Validate("a", 10, 11, "active"));
        AssertNoViolation(expiring().Change(CallKind.Update, 11, 12).Validate("a", 13, 14, "active"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            expiring().Change(CallKind.Update, 11, 12).Validate("a", 13, 14, "expired"));
    }

    [Fact]
    public void A_changed_deadline_replaces_the_one_of_the_rotation()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 100, "b");

        AssertViolates(RuleNames.AcceptedAfterInvalidation, rotated()
            .Change(CallKind.ChangeDeadline, 4, 5, secret: "a", until: 10)
            .Validate("a", 10, 11, "retiring", until: 102));
        AssertViolates(RuleNames.VerdictMismatch, rotated()
            .Change(CallKind.ChangeDeadline, 4, 5, secret: "a", until: 10)
            .Validate("a", 6, 7, "retiring", until: 102));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated()
            .Change(CallKind.ChangeDeadline, 4, 5, secret: "a", until: 200)
            .Validate("a", 110, 111, "expired_secret"));
    }

    [Fact]
    public void An_api_key_authenticates_until_its_deadline()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 10, "b");

        AssertNoViolation(rotated().Authenticate("a", 5, 6, 200).Authenticate("a", 12, 13, 401));
        AssertViolates(RuleNames.AcceptedAfterInvalidation, rotated().Authenticate("a", 12, 13, 200));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated().Authenticate("a", 5, 6, 401));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated().Authenticate("b", 5, 6, 401));
    }

    [Fact]
    public void A_verdict_may_be_wrong_by_the_clock_tolerance_only()
    {
        var validated = (double start) => new HistoryBuilder().Rotate(2, 3, 10, "b")
            .Validate("a", start, start + 0.1, "retiring")
            .WithLastCall(call => call with { ClockTolerance = TimeSpan.FromSeconds(1) });

        AssertNoViolation(validated(12.9));
        AssertViolates(RuleNames.AcceptedAfterInvalidation, validated(13.1));
    }

    [Fact]
    public void A_verdict_returns_the_deadline_that_the_rotation_returned()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 10, "b");

        AssertNoViolation(rotated().Validate("a", 4, 5, "retiring", until: 12));
        AssertViolates(RuleNames.VerdictMismatch, rotated().Validate("a", 4, 5, "retiring", until: 13));
        AssertViolates(RuleNames.VerdictMismatch, rotated().Validate("a", 4, 5, "active"));
    }

    [Fact]
    public void A_validation_without_a_verdict_violates_nothing() => AssertNoViolation(new HistoryBuilder()
        .Change(CallKind.Validate, 2, 3, 503, "a", "validation_unavailable")
        .Change(CallKind.Validate, 2, 3, null, "a", "time_out"));
}
