using KeysCluster.Cluster.EndToEnd.History;
using static KeysCluster.Cluster.EndToEnd.Checking.HistoryBuilder;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>Tests each rule with histories that violate it, and with the closest ones that do not.</summary>
public sealed class CheckerTests
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
    public void A_retiring_secret_is_valid_before_its_deadline_and_refused_from_it_on()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 10, View("b", ("a", 12.5)));

        AssertViolates(RuleNames.AcceptedAfterInvalidation, rotated().Validate("a", 12.5, 13, "retiring"));
        AssertNoViolation(rotated().Validate("a", 12.499, 13, "retiring"));
        AssertNoViolation(rotated().Validate("a", 12, 12.5, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated().Validate("a", 12, 12.499, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated().Validate("a", 5, 6, "not_found"));
    }

    [Fact]
    public void A_rotation_without_a_grace_period_expires_the_old_secret_when_it_returns()
    {
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            new HistoryBuilder().Rotate(2, 4, 0, View("b")).Validate("a", 4.1, 5, "active"));
        AssertNoViolation(new HistoryBuilder().Rotate(2, 4, 0, View("b")).Validate("a", 3.9, 5, "active"));
        AssertNoViolation(new HistoryBuilder().Rotate(2, 4, 0, View("b")).Validate("a", 2.1, 2.2, "not_found"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            new HistoryBuilder().Rotate(2, 4, 0, View("b")).Validate("a", 1.5, 1.9, "not_found"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            new HistoryBuilder().Rotate(2, 4, 0, View("b")).Validate("b", 4.1, 5, "not_found"));
    }

    [Fact]
    public void A_rotation_of_unknown_outcome_sets_no_deadline_earlier_than_start_plus_grace_period()
    {
        AssertNoViolation(
            new HistoryBuilder().RotateWithUnknownOutcome(2, 3, 10).Validate("a", 11, 12, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            new HistoryBuilder().RotateWithUnknownOutcome(2, 3, 10).Validate("a", 11, 11.999, "expired_secret"));
        AssertNoViolation(new HistoryBuilder().RotateWithUnknownOutcome(2, 3, 10).Validate("a", 100, 101, "active"));
    }

    [Fact]
    public void A_rotation_completed_before_a_secret_was_issued_does_not_expire_it()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 0, View("b")).Rotate(4, 5, 0, View("c"));

        AssertViolates(RuleNames.RejectedWithoutReason, rotated().Validate("c", 6, 7, "not_found"));
        AssertNoViolation(rotated().RotateWithUnknownOutcome(6, 7, 0).Validate("c", 6.5, 7, "not_found"));
    }

    [Fact]
    public void Expiring_retiring_secrets_ends_one_or_all_of_them_and_never_the_current_one()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 100, View("b", ("a", 102)));

        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            rotated().Change(CallKind.ExpireOne, 4, 5, secret: "a").Validate("a", 6, 7, "retiring"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            rotated().Change(CallKind.ExpireAll, 4, 5).Validate("a", 6, 7, "retiring"));
        AssertNoViolation(rotated().Change(CallKind.ExpireAll, 2.5, 5).Validate("a", 6, 7, "retiring"));
        AssertNoViolation(rotated().Change(CallKind.ExpireAll, 4, 5).Validate("b", 6, 7, "active"));
        AssertNoViolation(rotated().Change(CallKind.ExpireOne, 4, 5, 503, "a").Validate("a", 6, 7, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            rotated().Change(CallKind.ExpireOne, 4, 5, secret: "a").Validate("b", 6, 7, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason,
            rotated().Validate("a", 6, 7, "expired_secret").Change(CallKind.ExpireAll, 8, 9));
    }

    [Fact]
    public void A_disabled_key_is_refused_unless_a_later_enable_may_have_taken_effect()
    {
        var disabled = () => new HistoryBuilder().Change(CallKind.Disable, 2, 3);

        AssertViolates(RuleNames.AcceptedAfterInvalidation, disabled().Validate("a", 4, 5, "active"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 2.5, 2.9).Validate("a", 4, 5, "active"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 4.5, 9).Validate("a", 4, 5, "active"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 3.5, 3.6, status: null).Validate("a", 4, 5, "active"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 1.2, 1.5, status: 503).Validate("a", 4, 5, "active"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            disabled().Change(CallKind.Enable, 1.2, 1.5).Validate("a", 4, 5, "active"));
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
        AssertNoViolation(disabled().Change(CallKind.Enable, 2.9, 5).Validate("a", 6, 7, "disabled"));
        AssertNoViolation(disabled().Change(CallKind.Enable, 4, 5, status: 503).Validate("a", 6, 7, "disabled"));
        AssertNoViolation(new HistoryBuilder()
            .Change(CallKind.Disable, 2, 3, status: 503)
            .Change(CallKind.Enable, 4, 5)
            .Validate("a", 6, 7, "disabled"));
        AssertViolates(RuleNames.RejectedWithoutReason, new HistoryBuilder().Validate("a", 2, 3, "disabled"));
    }

    [Fact]
    public void A_secret_of_a_revoked_key_is_reported_as_revoked()
    {
        var revoked = () => new HistoryBuilder().Change(CallKind.Disable, 2, 3).Change(CallKind.Revoke, 4, 5);

        AssertViolates(RuleNames.WrongCodeForRevokedKey, revoked().Validate("a", 6, 7, "disabled"));
        AssertNoViolation(revoked().Validate("a", 4.5, 7, "disabled"));
        AssertViolates(RuleNames.RejectedWithoutReason, revoked().Validate("a", 6, 7, "not_found"));
        AssertViolates(RuleNames.RejectedWithoutReason, new HistoryBuilder().Validate("a", 6, 7, "revoked"));
        AssertNoViolation(
            new HistoryBuilder().Change(CallKind.Revoke, 6.5, 9, status: null).Validate("a", 6, 7, "revoked"));
    }

    [Fact]
    public void A_refused_change_has_no_effect()
    {
        AssertNoViolation(new HistoryBuilder()
            .Change(CallKind.Revoke, 2, 3, 429, code: "too_many_requests")
            .Validate("a", 4, 5, "active"));
        AssertViolates(RuleNames.RejectedWithoutReason, new HistoryBuilder()
            .Change(CallKind.Revoke, 2, 3, 429, code: "too_many_requests").Validate("a", 4, 5, "revoked"));
    }

    [Fact]
    public void A_refused_call_has_a_possible_reason()
    {
        AssertViolates(RuleNames.RefusedWithoutReason,
            new HistoryBuilder().Change(CallKind.Disable, 2, 3, 404, code: "virtual_key_not_found"));
        AssertViolates(RuleNames.RefusedWithoutReason,
            new HistoryBuilder().Change(CallKind.Disable, 2, 3, 400, code: "virtual_key_revoked"));
        AssertViolates(RuleNames.RefusedWithoutReason,
            new HistoryBuilder().Change(CallKind.Validate, 2, 3, 401, "a", "unauthorized"));
        AssertNoViolation(new HistoryBuilder()
            .Change(CallKind.Revoke, 2.5, 9, 503)
            .Change(CallKind.Disable, 2, 3, 400, code: "virtual_key_revoked"));
    }

    [Fact]
    public void A_retry_under_the_same_idempotency_key_gets_the_same_secret()
    {
        AssertNoViolation(new HistoryBuilder()
            .Rotate(2, 3, 10, View("b", ("a", 12)), "once").Rotate(4, 5, 10, View("b", ("a", 12)), "once"));
        AssertViolates(RuleNames.DifferentSecretOnReplay, new HistoryBuilder()
            .Rotate(2, 3, 10, View("b", ("a", 12)), "once").Rotate(4, 5, 10, View("c", ("a", 12), ("b", 14)), "once"));
    }

    [Fact]
    public void A_lost_response_and_its_retry_are_one_rotation()
    {
        var retried = () => new HistoryBuilder()
            .RotateWithUnknownOutcome(2, 3, 0, "once").Rotate(6, 7, 0, View("b"), "once");

        AssertNoViolation(retried().Validate("a", 4, 5, "not_found"));
        AssertNoViolation(retried().Validate("a", 4, 5, "active"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation, retried().Validate("a", 8, 9, "active"));
        AssertViolates(RuleNames.RejectedWithoutReason, retried().Validate("b", 8, 9, "not_found"));
    }

    [Fact]
    public void A_verdict_returns_the_deadline_that_the_rotation_returned()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 10, View("b", ("a", 12)));

        AssertNoViolation(rotated().Validate("a", 4, 5, "retiring", until: 12));
        AssertViolates(RuleNames.DeadlineMismatch, rotated().Validate("a", 4, 5, "retiring", until: 13));
    }

    [Fact]
    public void A_validation_without_a_verdict_violates_nothing() => AssertNoViolation(new HistoryBuilder()
        .Change(CallKind.Validate, 2, 3, 503, "a", "validation_unavailable")
        .Change(CallKind.Validate, 2, 3, null, "a", "time_out"));

    [Fact]
    public void An_acknowledged_change_is_present_in_the_final_state()
    {
        var shown = View("a") with { Revision = 2 };

        AssertViolates(RuleNames.ChangeLost, new HistoryBuilder().Change(CallKind.Revoke, 2, 3).Read(9, shown));
        AssertNoViolation(new HistoryBuilder().Change(CallKind.Revoke, 2, 3).Read(9, shown with { IsRevoked = true }));
        AssertNoViolation(new HistoryBuilder().Change(CallKind.Revoke, 2, 3, status: 503).Read(9, shown));
        AssertViolates(RuleNames.ChangeLost, new HistoryBuilder().Change(CallKind.Disable, 2, 3).Read(9, shown));
        AssertViolates(RuleNames.ChangeLost, new HistoryBuilder()
            .Change(CallKind.Disable, 2, 3).Change(CallKind.Enable, 4, 5).Read(9, shown with { IsDisabled = true }));
        AssertNoViolation(new HistoryBuilder()
            .Change(CallKind.Disable, 2, 4).Change(CallKind.Enable, 3, 5).Read(9, shown with { IsDisabled = true }));
    }

    [Fact]
    public void An_unrequested_change_is_absent_from_the_final_state()
    {
        AssertViolates(RuleNames.ChangeLost,
            new HistoryBuilder().Read(9, View("a") with { Revision = 1, IsRevoked = true }));
        AssertViolates(RuleNames.ChangeLost, new HistoryBuilder().Read(9, View("a") with { Revision = 2 }));
        AssertNoViolation(new HistoryBuilder()
            .RotateWithUnknownOutcome(2, 3, 10)
            .Read(9, View("x", ("a", 12)) with { Revision = 2 }));
    }

    [Fact]
    public void Secrets_and_rotations_are_present_in_the_final_state()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 100, View("b", ("a", 102)));
        var shown = View("b", ("a", 102)) with { Revision = 2 };

        AssertNoViolation(rotated().Read(9, shown));
        AssertViolates(RuleNames.ChangeLost, rotated().Read(9, shown with { Revision = 1 }));
        AssertViolates(RuleNames.ChangeLost, rotated().Read(9, View("b") with { Revision = 2 }));
        AssertViolates(RuleNames.ChangeLost, rotated().Read(9, View("b", ("a", 101)) with { Revision = 2 }));
        AssertViolates(RuleNames.ChangeLost, rotated().Read(9, View("a", ("b", 102)) with { Revision = 2 }));
        AssertNoViolation(rotated().Read(101.5, View("b") with { Revision = 2 }));
    }

    private static void AssertNoViolation(HistoryBuilder history) => Assert.Empty(history.ViolatedRules);

    private static void AssertViolates(string rule, HistoryBuilder history) =>
        Assert.Equal([rule], history.ViolatedRules);
}
