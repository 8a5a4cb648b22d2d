namespace KeysCluster.Sessions;

/// <summary>Starts a session of the console.</summary>
/// <param name="Credential">The credential, encrypted under a key that only the cookie has.</param>
/// <param name="Token">The digest of the first token.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.StartSession")]
public sealed record StartSessionCommand(
    [property: Id(0)] byte[] Credential,
    [property: Id(1)] Sha256Digest Token)
{
    /// <summary>Contains neither the credential nor the token.</summary>
    public override string ToString() => nameof(StartSessionCommand);
}
