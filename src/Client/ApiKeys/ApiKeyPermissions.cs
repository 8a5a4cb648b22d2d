namespace KeysCluster.Client;

/// <summary>What an API key may do.</summary>
public static class ApiKeyPermissions
{
    /// <summary>Lists and returns virtual keys.</summary>
    public const string ViewVirtualKeys = "virtualKeys:view";

    /// <summary>Creates virtual keys.</summary>
    public const string CreateVirtualKeys = "virtualKeys:create";

    /// <summary>Updates, disables and enables virtual keys.</summary>
    public const string UpdateVirtualKeys = "virtualKeys:update";

    /// <summary>Rotates virtual keys, and changes the deadlines of their retiring secrets.</summary>
    public const string RotateVirtualKeys = "virtualKeys:rotate";

    /// <summary>Revokes virtual keys.</summary>
    public const string DeleteVirtualKeys = "virtualKeys:delete";

    /// <summary>Validates secrets.</summary>
    public const string VerifyVirtualKeys = "virtualKeys:verify";

    /// <summary>Manages API keys, which never get more than their creator has.</summary>
    public const string ManageApiKeys = "apiKeys:manage";

    /// <summary>Reads events.</summary>
    public const string ViewEvents = "events:view";

    /// <summary>Manages webhooks, which includes reading events.</summary>
    public const string ManageWebhooks = "webhooks:manage";

    /// <summary>Returns and changes the project.</summary>
    public const string ManageProject = "project:manage";

    /// <summary>Every permission.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        ViewVirtualKeys, CreateVirtualKeys, UpdateVirtualKeys, RotateVirtualKeys, DeleteVirtualKeys, VerifyVirtualKeys,
        ManageApiKeys, ViewEvents, ManageWebhooks, ManageProject,
    ];
}
