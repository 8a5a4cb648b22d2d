namespace KeysCluster.Grains.Projects;

/// <summary>Why an API key may not make a change of API keys.</summary>
/// <param name="Outcome">The outcome of the change.</param>
/// <param name="MissingPermissions">The permissions that the caller lacks, if that is the reason.</param>
internal sealed record ApiKeyDenial(ChangeOutcome Outcome, IReadOnlyList<string>? MissingPermissions = null);
