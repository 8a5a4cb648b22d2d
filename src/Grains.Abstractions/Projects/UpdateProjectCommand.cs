namespace KeysCluster.Projects;

/// <summary>Changes fields of a project. Fields that are null stay as they are.</summary>
[GenerateSerializer, Immutable, Alias("KeysCluster.UpdateProject")]
public sealed record UpdateProjectCommand
{
    /// <summary>The identity on whose behalf the project is changed.</summary>
    [Id(0)] public required Caller Caller { get; init; }

    /// <summary>The new name, 1 to 255 characters.</summary>
    [Id(1)] public string? Name { get; init; }

    /// <summary>The new maximum number of virtual keys that are not revoked, 0 to 1,000,000.</summary>
    [Id(2)] public int? MaxVirtualKeys { get; init; }

    /// <summary>The new programming language, up to 255 characters.</summary>
    [Id(3)] public string? Language { get; init; }

    /// <summary>The new framework, up to 255 characters.</summary>
    [Id(4)] public string? Framework { get; init; }

    /// <summary>The new team, 1 to 255 characters.</summary>
    [Id(5)] public string? TeamId { get; init; }
}
