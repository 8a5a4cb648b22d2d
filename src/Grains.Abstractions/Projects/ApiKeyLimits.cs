namespace KeysCluster.Projects;

/// <summary>The limits of the API keys of a project. The grain of the project checks them.</summary>
public static class ApiKeyLimits
{
    /// <summary>
    /// The maximum number of API keys of a project. Beyond it, the outcome of a change is
    /// <see cref="ChangeOutcome.TooManyApiKeys"/>.
    /// </summary>
    public const int MaxApiKeys = 100;

    /// <summary>
    /// The maximum number of retiring secrets of all API keys of a project together. It bounds the stored state. Beyond
    /// it, the outcome of a change is <see cref="ChangeOutcome.TooManyRetiringSecrets"/>.
    /// </summary>
    public const int MaxRetiringSecrets = 128;

    /// <summary>
    /// The maximum number of characters of a name, in Unicode code points. A command beyond it is refused with an
    /// <see cref="ArgumentException"/>.
    /// </summary>
    public const int MaxNameLength = 128;
}
