using KeysCluster.Webhooks;

namespace KeysCluster.Projects;

/// <summary>The result of a change of a project.</summary>
/// <param name="Outcome">Whether the change was carried out, or why not.</param>
/// <param name="Project">The project after the call; null when there is none.</param>
/// <param name="SealedSecret">
/// The API key as its first caller sealed it, when the outcome is <see cref="ChangeOutcome.Replayed"/>.
/// </param>
/// <param name="ApiKey">The API key that the change concerns, after the call; null when there is none.</param>
/// <param name="MissingPermissions">
/// The permissions that the caller lacks, when the outcome is <see cref="ChangeOutcome.PermissionMissing"/>; otherwise
/// null.
/// </param>
/// <param name="Webhook">The webhook that the change concerns, after the call; null when there is none.</param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectResult")]
public sealed record ProjectResult(
    [property: Id(0)] ChangeOutcome Outcome,
    [property: Id(1)] Project? Project,
    [property: Id(2)] byte[]? SealedSecret = null,
    [property: Id(3)] ApiKey? ApiKey = null,
    [property: Id(4)] IReadOnlyList<string>? MissingPermissions = null,
    [property: Id(5)] Webhook? Webhook = null);
