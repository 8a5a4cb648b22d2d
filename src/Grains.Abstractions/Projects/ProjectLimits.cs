namespace KeysCluster.Projects;

/// <summary>
/// The limits of a project. Characters are Unicode code points. A grain refuses a command beyond the limits with an
/// <see cref="ArgumentException"/>.
/// </summary>
public static class ProjectLimits
{
    /// <summary>
    /// The maximum number of characters of the name, the programming language, the framework and the team.
    /// </summary>
    public const int MaxNameLength = 255;

    /// <summary>The maximum number of characters of the reason for which the project is disabled.</summary>
    public const int MaxReasonLength = 500;

    /// <summary>The maximum of the number of virtual keys that a project may have.</summary>
    public const int MaxVirtualKeys = 1_000_000;
}
