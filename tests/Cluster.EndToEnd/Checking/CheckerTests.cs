using KeysCluster.Cluster.EndToEnd.History;
using static KeysCluster.Cluster.EndToEnd.Checking.WrittenHistory;

namespace KeysCluster.Cluster.EndToEnd.Checking;

/// <summary>Each rule on what it must report, and on the nearest that it must not.</summary>
public sealed class CheckerTests
{
    private const string Accepted = "AcceptedAfterItsEnd";
    private const string Rejected = "RejectedWithoutReason";
    private const string Lost = "ChangeLost";

    private static void Kept(WrittenHistory history) => Assert.Empty(history.Broken);

    private static void Broken(string rule, WrittenHistory history) => Assert.Equal([rule], history.Broken);

    [Fact]
    public void A_revoked_secret_is_not_accepted_by_a_validation_that_starts_after_the_answer()
    {
        Broken(Accepted, new WrittenHistory().Change(CallKind.Revoke, 2, 4).Validate("a", 4.1, 5, "active"));
        Kept(new WrittenHistory().Change(CallKind.Revoke, 2, 4).Validate("a", 3.9, 5, "active"));
        Kept(new WrittenHistory().Change(CallKind.Revoke, 2, 4, status: 503).Validate("a", 4.1, 5, "active"));
        Kept(new WrittenHistory().Change(CallKind.Revoke, 2, 4).Validate("a", 4.1, 5, "revoked"));
    }

    [Fact]
    public void A_retiring_secret_is_accepted_until_its_deadline_and_not_from_it_on()
    {
        var rotated = () => new WrittenHistory().Rotate(2, 3, 10, View("b", ("a", 12.5)));

        Broken(Accepted, rotated().Validate("a", 12.5, 13, "retiring"));
        Kept(rotated().Validate("a", 12.499, 13, "retiring"));
        Kept(rotated().Validate("a", 12, 12.5, "expired_secret"));
        Broken(Rejected, rotated().Validate("a", 12, 12.499, "expired_secret"));
        Broken(Rejected, rotated().Validate("a", 5, 6, "not_found"));
    }

    [Fact]
    public void A_rotation_without_grace_ends_the_secret_with_its_answer()
    {
        Broken(Accepted, new WrittenHistory().Rotate(2, 4, 0, View("b")).Validate("a", 4.1, 5, "active"));
        Kept(new WrittenHistory().Rotate(2, 4, 0, View("b")).Validate("a", 3.9, 5, "active"));
        Kept(new WrittenHistory().Rotate(2, 4, 0, View("b")).Validate("a", 2.1, 2.2, "not_found"));
        Broken(Rejected, new WrittenHistory().Rotate(2, 4, 0, View("b")).Validate("a", 1.5, 1.9, "not_found"));
        Broken(Rejected, new WrittenHistory().Rotate(2, 4, 0, View("b")).Validate("b", 4.1, 5, "not_found"));
    }

    [Fact]
    public void A_rotation_of_unknown_outcome_may_have_set_a_deadline_no_sooner_than_its_grace_after_its_start()
    {
        Kept(new WrittenHistory().RotateUnknown(2, 3, 10).Validate("a", 11, 12, "expired_secret"));
        Broken(Rejected, new WrittenHistory().RotateUnknown(2, 3, 10).Validate("a", 11, 11.999, "expired_secret"));
        Kept(new WrittenHistory().RotateUnknown(2, 3, 10).Validate("a", 100, 101, "active"));
    }

    [Fact]
    public void A_rotation_that_was_answered_before_a_secret_was_made_does_not_end_it()
    {
        var rotated = () => new WrittenHistory().Rotate(2, 3, 0, View("b")).Rotate(4, 5, 0, View("c"));

        Broken(Rejected, rotated().Validate("c", 6, 7, "not_found"));
        Kept(rotated().RotateUnknown(6, 7, 0).Validate("c", 6.5, 7, "not_found"));
    }

    [Fact]
    public void A_cut_ends_one_secret_or_all_that_retire()
    {
        var rotated = () => new WrittenHistory().Rotate(2, 3, 100, View("b", ("a", 102)));

        Broken(Accepted, rotated().Change(CallKind.CutOne, 4, 5, secret: "a").Validate("a", 6, 7, "retiring"));
        Broken(Accepted, rotated().Change(CallKind.CutAll, 4, 5).Validate("a", 6, 7, "retiring"));
        Kept(rotated().Change(CallKind.CutAll, 2.5, 5).Validate("a", 6, 7, "retiring"));
        Kept(rotated().Change(CallKind.CutAll, 4, 5).Validate("b", 6, 7, "active"));
        Kept(rotated().Change(CallKind.CutOne, 4, 5, 503, "a").Validate("a", 6, 7, "expired_secret"));
        Broken(Rejected, rotated().Change(CallKind.CutOne, 4, 5, secret: "a").Validate("b", 6, 7, "expired_secret"));
        Broken(Rejected, rotated().Validate("a", 6, 7, "expired_secret").Change(CallKind.CutAll, 8, 9));
    }

    [Fact]
    public void A_disabled_key_is_not_accepted_unless_an_enabling_may_have_come_since()
    {
        var disabled = () => new WrittenHistory().Change(CallKind.Disable, 2, 3);

        Broken(Accepted, disabled().Validate("a", 4, 5, "active"));
        Kept(disabled().Change(CallKind.Enable, 2.5, 2.9).Validate("a", 4, 5, "active"));
        Kept(disabled().Change(CallKind.Enable, 4.5, 9).Validate("a", 4, 5, "active"));
        Kept(disabled().Change(CallKind.Enable, 3.5, 3.6, status: null).Validate("a", 4, 5, "active"));
        Kept(disabled().Change(CallKind.Enable, 1.2, 1.5, status: 503).Validate("a", 4, 5, "active"));
        Broken(Accepted, disabled().Change(CallKind.Enable, 1.2, 1.5).Validate("a", 4, 5, "active"));
        Broken(Accepted, disabled().Change(CallKind.Enable, 5.1, 6).Validate("a", 4, 5, "active"));
    }

    [Fact]
    public void An_enabled_key_is_not_called_disabled()
    {
        var disabled = () => new WrittenHistory().Change(CallKind.Disable, 2, 3);

        Broken(Rejected, disabled().Change(CallKind.Enable, 4, 5).Validate("a", 6, 7, "disabled"));
        Kept(disabled().Change(CallKind.Enable, 4, 5).Validate("a", 4.9, 7, "disabled"));
        Kept(disabled().Change(CallKind.Enable, 2.9, 5).Validate("a", 6, 7, "disabled"));
        Kept(disabled().Change(CallKind.Enable, 4, 5, status: 503).Validate("a", 6, 7, "disabled"));
        Kept(new WrittenHistory().Change(CallKind.Disable, 2, 3, status: 503).Change(CallKind.Enable, 4, 5).Validate("a", 6, 7, "disabled"));
        Broken(Rejected, new WrittenHistory().Validate("a", 2, 3, "disabled"));
    }

    [Fact]
    public void A_secret_of_a_revoked_key_is_called_revoked()
    {
        var revoked = () => new WrittenHistory().Change(CallKind.Disable, 2, 3).Change(CallKind.Revoke, 4, 5);

        Broken("OtherReasonThanRevoked", revoked().Validate("a", 6, 7, "disabled"));
        Kept(revoked().Validate("a", 4.5, 7, "disabled"));
        Broken(Rejected, revoked().Validate("a", 6, 7, "not_found"));
        Broken(Rejected, new WrittenHistory().Validate("a", 6, 7, "revoked"));
        Kept(new WrittenHistory().Change(CallKind.Revoke, 6.5, 9, status: null).Validate("a", 6, 7, "revoked"));
    }

    [Fact]
    public void A_refused_change_has_no_effect()
    {
        Kept(new WrittenHistory().Change(CallKind.Revoke, 2, 3, 429, code: "too_many_requests").Validate("a", 4, 5, "active"));
        Broken(Rejected, new WrittenHistory()
            .Change(CallKind.Revoke, 2, 3, 429, code: "too_many_requests").Validate("a", 4, 5, "revoked"));
    }

    [Fact]
    public void A_refusal_has_a_reason()
    {
        Broken("RefusedWithoutReason", new WrittenHistory().Change(CallKind.Disable, 2, 3, 404, code: "virtual_key_not_found"));
        Broken("RefusedWithoutReason", new WrittenHistory().Change(CallKind.Disable, 2, 3, 400, code: "virtual_key_revoked"));
        Broken("RefusedWithoutReason", new WrittenHistory().Change(CallKind.Validate, 2, 3, 401, "a", "unauthorized"));
        Kept(new WrittenHistory().Change(CallKind.Revoke, 2.5, 9, 503).Change(CallKind.Disable, 2, 3, 400, code: "virtual_key_revoked"));
    }

    [Fact]
    public void A_retry_under_the_same_idempotency_key_gets_the_same_secret()
    {
        Kept(new WrittenHistory()
            .Rotate(2, 3, 10, View("b", ("a", 12)), "once").Rotate(4, 5, 10, View("b", ("a", 12)), "once"));
        Broken("OtherSecretOnRetry", new WrittenHistory()
            .Rotate(2, 3, 10, View("b", ("a", 12)), "once").Rotate(4, 5, 10, View("c", ("a", 12), ("b", 14)), "once"));
    }

    [Fact]
    public void A_lost_answer_and_its_retry_are_one_rotation()
    {
        var retried = () => new WrittenHistory().RotateUnknown(2, 3, 0, "once").Rotate(6, 7, 0, View("b"), "once");

        Kept(retried().Validate("a", 4, 5, "not_found"));
        Kept(retried().Validate("a", 4, 5, "active"));
        Broken(Accepted, retried().Validate("a", 8, 9, "active"));
        Broken(Rejected, retried().Validate("b", 8, 9, "not_found"));
    }

    [Fact]
    public void A_verdict_tells_the_deadline_that_was_promised()
    {
        var rotated = () => new WrittenHistory().Rotate(2, 3, 10, View("b", ("a", 12)));

        Kept(rotated().Validate("a", 4, 5, "retiring", until: 12));
        Broken("OtherDeadlineThanPromised", rotated().Validate("a", 4, 5, "retiring", until: 13));
    }

    [Fact]
    public void A_call_that_gave_no_verdict_breaks_nothing() => Kept(new WrittenHistory()
        .Change(CallKind.Validate, 2, 3, 503, "a", "validation_unavailable").Change(CallKind.Validate, 2, 3, null, "a", "time_out"));

    [Fact]
    public void An_acknowledged_change_is_there_at_the_end()
    {
        var shown = View("a") with { Revision = 2 };

        Broken(Lost, new WrittenHistory().Change(CallKind.Revoke, 2, 3).Read(9, shown));
        Kept(new WrittenHistory().Change(CallKind.Revoke, 2, 3).Read(9, shown with { IsRevoked = true }));
        Kept(new WrittenHistory().Change(CallKind.Revoke, 2, 3, status: 503).Read(9, shown));
        Broken(Lost, new WrittenHistory().Change(CallKind.Disable, 2, 3).Read(9, shown));
        Broken(Lost, new WrittenHistory()
            .Change(CallKind.Disable, 2, 3).Change(CallKind.Enable, 4, 5).Read(9, shown with { IsDisabled = true }));
        Kept(new WrittenHistory()
            .Change(CallKind.Disable, 2, 4).Change(CallKind.Enable, 3, 5).Read(9, shown with { IsDisabled = true }));
    }

    [Fact]
    public void A_change_that_nobody_asked_for_is_not_there_at_the_end()
    {
        Broken(Lost, new WrittenHistory().Read(9, View("a") with { Revision = 1, IsRevoked = true }));
        Broken(Lost, new WrittenHistory().Read(9, View("a") with { Revision = 2 }));
        Kept(new WrittenHistory().RotateUnknown(2, 3, 10).Read(9, View("x", ("a", 12)) with { Revision = 2 }));
    }

    [Fact]
    public void Secrets_and_rotations_are_there_at_the_end()
    {
        var rotated = () => new WrittenHistory().Rotate(2, 3, 100, View("b", ("a", 102)));
        var shown = View("b", ("a", 102)) with { Revision = 2 };

        Kept(rotated().Read(9, shown));
        Broken(Lost, rotated().Read(9, shown with { Revision = 1 }));
        Broken(Lost, rotated().Read(9, View("b") with { Revision = 2 }));
        Broken(Lost, rotated().Read(9, View("b", ("a", 101)) with { Revision = 2 }));
        Broken(Lost, rotated().Read(9, View("a", ("b", 102)) with { Revision = 2 }));
        Kept(rotated().Read(101.5, View("b") with { Revision = 2 }));
    }
}
