namespace KeysCluster.Projects;

/// <summary>The limits of the API keys of a project. The grain checks them, unless a limit says otherwise.</summary>
public static class ApiKeyLimits
{
    /// <summary>The maximum number of API keys of a project.</summary>
    public const int MaxApiKeys = 100;

    /// <summary>
    /// The maximum number of retiring secrets of all API keys of a project together. It bounds the stored state.
    /// </summary>
    public const int MaxRetiringSecrets = 128;

    /// <summary>The maximum number of characters of a name. Callers of grains check it.</summary>
    public const int MaxNameLength = 128;
}
