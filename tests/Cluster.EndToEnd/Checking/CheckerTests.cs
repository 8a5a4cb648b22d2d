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
    public void A_replay_may_follow_the_response_to_its_call_because_a_front_end_sent_it_twice()
    {
        var replayed = new HistoryBuilder().Rotate(2, 3, 10, "b", "op").Rotate(4, 5, 10, "b", "op");
        AssertNoViolation(replayed.WithLastEvent(entry => entry with { At = TimeAt(9) }));
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
    public void A_change_of_unknown_outcome_counts_as_applied_if_it_has_an_event()
    {
        var rotated = (bool isApplied) =>
            new HistoryBuilder().Rotate(2, 3, 10, "b", status: 503, isApplied: isApplied);

        AssertNoViolation(rotated(true).Validate("a", 11.5, 12, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated(false).Validate("a", 11.5, 12, "expired_secret"));
        AssertViolates(RuleNames.RejectedWithoutReason, rotated(true).Validate("a", 11, 11.999, "expired_secret"));
        AssertNoViolation(rotated(false).Validate("a", 100, 101, "active"));

        var disabled = (bool isApplied) =>
            new HistoryBuilder().Change(CallKind.Disable, 2, 3, status: null, isApplied: isApplied);
        AssertNoViolation(disabled(true).Validate("a", 4, 5, "disabled"));
        AssertViolates(RuleNames.RejectedWithoutReason, disabled(false).Validate("a", 4, 5, "disabled"));
    }

    [Fact]
    public void A_change_of_unknown_outcome_excuses_nothing_later()
    {
        AssertViolates(RuleNames.RejectedWithoutReason, new HistoryBuilder()
            .Rotate(2, 3, 0, "x", status: 503)
            .Rotate(4, 5, 100, "b")
            .Validate("b", 60, 61, "not_found"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation, new HistoryBuilder()
            .Change(CallKind.Enable, 1.5, 2, status: 503)
            .Change(CallKind.Disable, 3, 4)
            .Validate("a", 5, 6, "active"));
        AssertViolates(RuleNames.RejectedWithoutReason, new HistoryBuilder()
            .Change(CallKind.Disable, 1.5, 2, status: 503, isApplied: true)
            .Change(CallKind.Enable, 3, 4)
            .Validate("a", 5, 6, "disabled"));
    }

    [Fact]
    public void A_change_of_unknown_outcome_is_in_every_cache_after_a_later_response_or_three_minutes()
    {
        var revoked = () => new HistoryBuilder().Change(CallKind.Revoke, 2, 3, status: 503, isApplied: true);

        AssertNoViolation(revoked().Validate("a", 100, 101, "active"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            revoked().Change(CallKind.Revoke, 4, 5).Validate("a", 6, 7, "active"));
        AssertNoViolation(revoked().Read(4, 5).Validate("a", 184.9, 186, "active"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation,
            revoked().Read(4, 5).Validate("a", 185.1, 186, "active"));
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
    public void A_refused_change_has_no_effect()
    {
        AssertNoViolation(new HistoryBuilder()
            .Change(CallKind.Revoke, 2, 3, 429, code: "too_many_requests")
            .Validate("a", 4, 5, "active"));
        AssertViolates(RuleNames.RejectedWithoutReason, new HistoryBuilder()
            .Change(CallKind.Revoke, 2, 3, 429, code: "too_many_requests").Validate("a", 4, 5, "revoked"));
        AssertViolates(RuleNames.RefusedButApplied, new HistoryBuilder()
            .Change(CallKind.Revoke, 2, 3, 429, code: "too_many_requests", isApplied: true));
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
        AssertViolates(RuleNames.RefusedWithoutReason, new HistoryBuilder()
            .Rotate(2, 3, 100, "b")
            .Change(CallKind.ExpireOne, 4, 5, 404, "a", "retiring_secret_not_found"));
        AssertNoViolation(new HistoryBuilder()
            .Change(CallKind.Revoke, 2.5, 9, 503, isApplied: true)
            .Change(CallKind.Disable, 2, 3, 400, code: "virtual_key_revoked"));
    }

    [Fact]
    public void A_retry_under_the_same_idempotency_key_gets_the_same_secret()
    {
        AssertNoViolation(new HistoryBuilder().Rotate(2, 3, 10, "b", "once").Rotate(4, 5, 10, "b", "once"));
        AssertViolates(RuleNames.DifferentSecretOnReplay,
            new HistoryBuilder().Rotate(2, 3, 10, "b", "once").Rotate(4, 5, 10, "c", "once"));
        AssertViolates(RuleNames.DifferentSecretOnReplay,
            new HistoryBuilder().Rotate(2, 3, 10, "b", "once", status: 503).Rotate(4, 5, 10, "c", "once"));
    }

    [Fact]
    public void A_lost_response_and_its_retry_are_one_rotation()
    {
        var retried = () => new HistoryBuilder()
            .Rotate(2, 3, 0, "b", "once", status: 503).Rotate(6, 7, 0, "b", "once");

        AssertNoViolation(retried().Validate("a", 4, 5, "expired_secret"));
        AssertNoViolation(retried().Validate("a", 4, 5, "active"));
        AssertViolates(RuleNames.AcceptedAfterInvalidation, retried().Validate("a", 8, 9, "active"));
        AssertViolates(RuleNames.RejectedWithoutReason, retried().Validate("b", 8, 9, "not_found"));
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

    [Fact]
    public void An_acknowledged_change_has_one_event()
    {
        AssertViolates(RuleNames.ChangeLost, new HistoryBuilder()
            .Change(CallKind.Revoke, 2, 3)
            .LoseLastEvent()
            .WithLastCall(call => call with { View = null }));
        AssertNoViolation(new HistoryBuilder().Change(CallKind.Disable, 2, 3).Change(CallKind.Disable, 4, 5));
        AssertNoViolation(new HistoryBuilder().Change(CallKind.ExpireAll, 2, 3));
        AssertViolates(RuleNames.WrongEvent, new HistoryBuilder()
            .Change(CallKind.Disable, 2, 3)
            .Change(CallKind.Enable, 2, 3)
            .WithLastEvent(entry => entry with { RequestId = "1" })
            .WithLastCall(call => call with { Status = 503, View = null }));
        AssertViolates(RuleNames.UnrequestedChange,
            new HistoryBuilder().Change(CallKind.Enable, 2, 3)
                .Change(CallKind.Disable, 4, 5, 503, isApplied: true)
                .WithLastEvent(entry => entry with { RequestId = "another" }));
    }

    [Fact]
    public void Events_are_numbered_without_gaps_and_in_the_order_of_their_calls()
    {
        var disabled = () => new HistoryBuilder().Change(CallKind.Disable, 2, 3);

        AssertViolates(RuleNames.EventsIncomplete, disabled().WithLastEvent(entry => entry with { Number = 3 }));
        AssertViolates(RuleNames.EventsIncomplete,
            disabled().WithLastEvent(entry => entry with { Inconsistency = "name" }));
        AssertViolates(RuleNames.EventsOutOfOrder, new HistoryBuilder()
            .Change(CallKind.Disable, 4, 5)
            .Change(CallKind.Enable, 2, 3));
        AssertViolates(RuleNames.EventsOutOfOrder,
            disabled().WithLastEvent(entry => entry with { At = TimeAt(3.1) }));
        AssertNoViolation(new HistoryBuilder().Change(CallKind.Disable, 4, 5).Change(CallKind.Enable, 2, 4.5));
    }

    [Fact]
    public void An_event_changes_only_what_its_call_requests()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 100, "b");

        AssertViolates(RuleNames.WrongChange,
            rotated().WithLastSecret("a", new SecretRecord(TimeAt(50))).WithLastCall(Unanswered));
        AssertViolates(RuleNames.WrongChange, rotated().Rotate(4, 5, 100, "c")
            .WithLastSecret("a", new SecretRecord(TimeAt(4), IsExpired: true)).WithLastCall(Unanswered));
        AssertViolates(RuleNames.WrongChange, rotated().Rotate(4, 5, 100, "c")
            .Change(CallKind.ExpireOne, 6, 7, secret: "a")
            .WithLastSecret("b", new SecretRecord(TimeAt(6), IsExpired: true)).WithLastCall(Unanswered));
        AssertViolates(RuleNames.WrongChange, rotated()
            .Change(CallKind.Enable, 4, 5)
            .Change(CallKind.Disable, 6, 7)
            .WithLastEvent(entry => entry with { After = entry.After with { IsRevoked = true } })
            .WithLastCall(Unanswered));
    }

    [Fact]
    public void A_secret_is_erased_a_second_after_its_deadline_at_the_earliest()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 10, "b");

        AssertNoViolation(rotated().Erase("a", 13).Validate("a", 14, 15, "not_found"));
        AssertNoViolation(rotated().Erase("a", 13).Validate("a", 11, 11.5, "retiring", until: 12));
        AssertViolates(RuleNames.WrongChange, rotated().Erase("a", 12.9));
        AssertViolates(RuleNames.WrongRejectionCode, rotated().Erase("a", 13).Validate("a", 12.1, 12.2, "not_found"));
    }

    [Fact]
    public void A_read_shows_every_change_that_was_acknowledged_before_it_started()
    {
        var before = new HistoryBuilder().GetView(1);
        foreach (var kind in (CallKind[])[CallKind.Read, CallKind.List])
        {
            var disabled = (double end) => new HistoryBuilder().Change(CallKind.Disable, 2, end);
            AssertViolates(RuleNames.StaleRead, disabled(3).Read(4, 5, before, kind));
            AssertNoViolation(disabled(4.5).Read(4, 5, before, kind));
            AssertNoViolation(disabled(3).Read(4, 5, kind: kind));
        }

        AssertViolates(RuleNames.StaleRead, new HistoryBuilder().ListWithoutKey(2, 3));
    }

    [Fact]
    public void A_read_shows_a_change_that_no_cache_waits_for_after_the_duration_of_a_lease()
    {
        var before = new HistoryBuilder().GetView(1);
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 86_400, "b");

        AssertNoViolation(rotated().Read(7.9, 8, before));
        AssertViolates(RuleNames.StaleRead, rotated().Read(8.1, 9, before));
        AssertViolates(RuleNames.StaleRead, rotated().Read(4, 5, before, CallKind.List));
    }

    [Fact]
    public void Lists_do_not_go_back()
    {
        var before = new HistoryBuilder().GetView(1);
        var disabled = () =>
            new HistoryBuilder().Change(CallKind.Disable, 2, 3, status: 503, isApplied: true).Read(4, 5);

        AssertViolates(RuleNames.StaleRead, disabled().Read(6, 7, before, CallKind.List));
        AssertNoViolation(disabled().Read(4.5, 7, before, CallKind.List));
    }

    [Fact]
    public void A_response_shows_a_state_that_existed()
    {
        var rotated = () => new HistoryBuilder().Rotate(2, 3, 100, "b");
        var view = rotated().GetView(4);

        AssertNoViolation(rotated().Read(4, 5, view));
        AssertViolates(RuleNames.WrongRead, rotated().Read(4, 5, view with { Revision = 3 }));
        AssertViolates(RuleNames.WrongRead, rotated().Read(4, 5, view with { IsRevoked = true }));
        AssertViolates(RuleNames.WrongRead, rotated().Read(4, 5, view with { ExpiresAt = TimeAt(9) }));
        AssertViolates(RuleNames.WrongRead,
            rotated().Read(4, 5, view with { Retiring = new Dictionary<string, DateTimeOffset>() }));
        AssertNoViolation(rotated().Read(
            101.9, 102, view with { Retiring = new Dictionary<string, DateTimeOffset>() }));
        AssertViolates(RuleNames.WrongRead, rotated().Read(102, 103, view));
        AssertViolates(RuleNames.WrongRead,
            rotated().WithLastCall(call => call with { View = view with { Secret = "a" } }));
    }

    private static RecordedCall Unanswered(RecordedCall call) => call with { Status = null, View = null };

    private static void AssertNoViolation(HistoryBuilder history) => Assert.Empty(history.ViolatedRules);

    private static void AssertViolates(string rule, HistoryBuilder history) =>
        Assert.Equal([rule], history.ViolatedRules);
}
