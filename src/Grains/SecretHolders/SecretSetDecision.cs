using KeysCluster.Grains.Secrets;

namespace KeysCluster.Grains.SecretHolders;

/// <summary>The decision of a rule for a set of secrets.</summary>
/// <param name="Outcome">The outcome.</param>
/// <param name="Secrets">The set after the command; the same instance when the command changes nothing.</param>
/// <param name="EventType">The type of the event; null when nothing changes.</param>
/// <param name="SecretId">The secret that the event concerns; null for several.</param>
/// <param name="RequiresInvalidation">See <see cref="Decision{TState}"/>.</param>
internal readonly record struct SecretSetDecision(
    ChangeOutcome Outcome,
    SecretSet Secrets,
    string? EventType = null,
    string? SecretId = null,
    bool RequiresInvalidation = false);
