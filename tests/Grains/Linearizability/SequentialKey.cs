using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>A key as it would be if calls came one by one and nothing ever failed, within 24 hours.</summary>
/// <param name="Secrets">Every secret it has had, the current one last.</param>
/// <param name="IsRevoked">Whether it was revoked.</param>
/// <param name="Revision">1 and one more for each change.</param>
internal sealed record SequentialKey(string Secrets, bool IsRevoked, long Revision)
{
    public static SequentialKey Created { get; } = new("a", false, 1);

    public (SequentialKey Next, Answer Answer) Apply(Request request) => request switch
    {
        Request.Rotate when IsRevoked => (this, new Answer.Changed(ChangeOutcome.Revoked)),
        Request.Rotate rotate => (
            this with { Secrets = Secrets + rotate.Secret, Revision = Revision + 1 },
            new Answer.Changed(ChangeOutcome.Done)),
        Request.Revoke => (
            IsRevoked ? this : this with { IsRevoked = true, Revision = Revision + 1 },
            new Answer.Changed(ChangeOutcome.Done)),
        Request.Validate validate => (this, new Answer.Judged(Judge(validate.Secret))),
        Request.Get => (this, new Answer.Shown(Revision, Secrets[^1], IsRevoked)),
        _ => throw new ArgumentOutOfRangeException(nameof(request)),
    };

    private VerdictCode Judge(char secret) =>
        !Secrets.Contains(secret) ? VerdictCode.NotFound
        : IsRevoked ? VerdictCode.Revoked
        : secret == Secrets[^1] ? VerdictCode.Active
        : VerdictCode.Retiring;
}
