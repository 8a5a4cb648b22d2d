namespace KeysCluster.Security;

/// <summary>The kinds of Orleans clients that a method may be called by.</summary>
[Flags]
public enum ClientRoles
{
    /// <summary>No client. Silos may call every method.</summary>
    None = 0,

    /// <summary>Front ends, which serve the REST API.</summary>
    FrontEnd = 1,

    /// <summary>Services that validate secrets.</summary>
    Validator = 2,

    /// <summary>Front ends and services that validate secrets.</summary>
    All = FrontEnd | Validator,
}
