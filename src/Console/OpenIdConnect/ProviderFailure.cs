namespace KeysCluster.WebConsole.OpenIdConnect;

/// <summary>Why a person was not signed in by the provider.</summary>
internal enum ProviderFailure
{
    /// <summary>The provider cannot be reached, or its response is not valid.</summary>
    Failed,

    /// <summary>The person or the provider refused.</summary>
    Denied,

    /// <summary>The person has none of the roles of the settings.</summary>
    NoRole,

    /// <summary>The API refuses the person.</summary>
    Refused,
}
