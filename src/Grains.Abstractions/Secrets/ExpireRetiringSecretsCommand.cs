namespace KeysCluster.Secrets;

/// <summary>Expires retiring secrets now, before their deadline.</summary>
/// <param name="Caller">The identity on whose behalf they are expired.</param>
/// <param name="Secret">The secret to expire; null for all of them.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.CutRetiringSecrets")]
public sealed record ExpireRetiringSecretsCommand(
    [property: Id(0)] Caller Caller,
    [property: Id(1)] SecretId? Secret);
