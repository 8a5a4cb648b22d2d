namespace KeysCluster.Sessions;

/// <summary>The outcome of a use of a session.</summary>
/// <param name="Credential">The encrypted credential; null if the session has ended or never existed.</param>
/// <param name="NextToken">The token that replaces the presented one; null if that one remains in use.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.SessionUse")]
public sealed record SessionUse(
    [property: Id(0)] byte[]? Credential,
    [property: Id(1)] byte[]? NextToken)
{
    /// <summary>Contains neither the credential nor the token.</summary>
    public override string ToString() => nameof(SessionUse);
}
