namespace KeysCluster.Projects;

/// <summary>The result of a change of a project.</summary>
/// <param name="Outcome">Whether the change was carried out, or why not.</param>
/// <param name="Project">The project after the call; null when there is none.</param>
/// <param name="SealedSecret">
/// The API key as its first caller sealed it, when the outcome is <see cref="ChangeOutcome.Replayed"/>.
/// </param>
[GenerateSerializer, Immutable, Alias("KeysCluster.ProjectResult")]
public sealed record ProjectResult(
    [property: Id(0)] ChangeOutcome Outcome,
    [property: Id(1)] Project? Project,
    [property: Id(2)] byte[]? SealedSecret = null);
