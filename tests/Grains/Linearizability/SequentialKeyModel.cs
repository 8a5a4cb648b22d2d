using KeysCluster.VirtualKeys;

namespace KeysCluster.Grains.Tests.Linearizability;

/// <summary>A key whose calls run one after the other and never fail, within 24 hours.</summary>
/// <param name="Secrets">Every secret of the key, the current one last.</param>
/// <param name="IsRevoked">Whether the key is revoked.</param>
/// <param name="Revision">1, incremented by each change.</param>
internal sealed record SequentialKeyModel(string Secrets, bool IsRevoked, long Revision)
{
    public static SequentialKeyModel Initial { get; } = new("a", false, 1);

    public (SequentialKeyModel Next, Response Response) Apply(Request request) => request switch
    {
        Request.Rotate when IsRevoked => (this, new Response.Changed(ChangeOutcome.KeyRevoked)),
        Request.Rotate rotate => (
            this with { Secrets = Secrets + rotate.Secret, Revision = Revision + 1 },
            new Response.Changed(ChangeOutcome.Done)),
        Request.Revoke => (
            IsRevoked ? this : this with { IsRevoked = true, Revision = Revision + 1 },
            new Response.Changed(ChangeOutcome.Done)),
        Request.Validate validate => (this, new Response.Validated(Evaluate(validate.Secret))),
        Request.Get => (this, new Response.Retrieved(Revision, Secrets[^1], IsRevoked)),
        _ => throw new ArgumentOutOfRangeException(nameof(request)),
    };

    private VerdictCode Evaluate(char secret) =>
        !Secrets.Contains(secret) ? VerdictCode.NotFound
        : IsRevoked ? VerdictCode.Revoked
        : secret == Secrets[^1] ? VerdictCode.Active
        : VerdictCode.Retiring;
}
