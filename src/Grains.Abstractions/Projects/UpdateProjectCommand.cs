namespace KeysCluster.Projects;

/// <summary>Changes fields of a project. Fields that are null, and not cleared, stay as they are.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.UpdateProject")]
public sealed record UpdateProjectCommand
{
    /// <summary>The identity on whose behalf the project is changed.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The new name, 1 to <see cref="ProjectLimits.MaxNameLength"/> characters.</summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>
    /// The new maximum number of virtual keys that are not revoked, 0 to <see cref="ProjectLimits.MaxVirtualKeys"/>.
    /// </summary>
    [Id(2)] public int? MaxVirtualKeys { get; init; }

    /// <summary>The new programming language, up to <see cref="ProjectLimits.MaxNameLength"/> characters.</summary>
    [Id(3)] public string? Language { get; init; }

    /// <summary>The new framework, up to <see cref="ProjectLimits.MaxNameLength"/> characters.</summary>
    [Id(4)] public string? Framework { get; init; }

    /// <summary>The new team, up to <see cref="ProjectLimits.MaxNameLength"/> characters.</summary>
    [Id(5)] public string? TeamId { get; init; }

    /// <summary>True to restore the default, <see cref="Project.DefaultMaxVirtualKeys"/>.</summary>
    [Id(6)] public bool ClearsMaxVirtualKeys { get; init; }

    /// <summary>True to remove the programming language.</summary>
    [Id(7)] public bool ClearsLanguage { get; init; }

    /// <summary>True to remove the framework.</summary>
    [Id(8)] public bool ClearsFramework { get; init; }

    /// <summary>True to remove the team.</summary>
    [Id(9)] public bool ClearsTeamId { get; init; }
}
