using KeysCluster.Cluster.EndToEnd.History;
using static KeysCluster.Cluster.EndToEnd.Checking.CheckerAssert;
using static KeysCluster.Cluster.EndToEnd.Checking.HistoryBuilder;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>
/// Tests the rules of changes and events with histories that violate them, and with the closest ones that do not.
/// </summary>
public sealed class ChangeRuleTests
{
    [Fact]
    public void A_replay_may_follow_the_response_to_its_call_because_a_front_end_sent_it_twice()
    {
        var replayed = new HistoryBuilder().Rotate(2, 3, 10, "b", "op").Rotate(4, 5, 10, "b", "op");
        AssertNoViolation(replayed.WithLastEvent(entry => entry with { At = TimeAt(9) }));
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

    private static RecordedCall Unanswered(RecordedCall call) => call with { Status = null, View = null };
}
