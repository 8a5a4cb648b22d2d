namespace KeysCluster.Projects;

/// <summary>The permissions that an API key of a project can have. The names are stored and never change.</summary>
public static class ApiKeyPermissions
{
    /// <summary>Read virtual keys.</summary>
    public const string ViewVirtualKeys = "virtualKeys:view";

    /// <summary>Create virtual keys.</summary>
    public const string CreateVirtualKeys = "virtualKeys:create";

    /// <summary>Change, disable and enable virtual keys.</summary>
    public const string UpdateVirtualKeys = "virtualKeys:update";

    /// <summary>Rotate virtual keys, and expire or extend their retiring secrets.</summary>
    public const string RotateVirtualKeys = "virtualKeys:rotate";

    /// <summary>Revoke virtual keys.</summary>
    public const string DeleteVirtualKeys = "virtualKeys:delete";

    /// <summary>Verify secrets of virtual keys.</summary>
    public const string VerifyVirtualKeys = "virtualKeys:verify";

    /// <summary>Read, create, change, rotate and delete API keys of the project.</summary>
    public const string ManageApiKeys = "apiKeys:manage";

    /// <summary>Read events.</summary>
    public const string ViewEvents = "events:view";

    /// <summary>Manage webhooks.</summary>
    public const string ManageWebhooks = "webhooks:manage";

    /// <summary>Read and rename the project.</summary>
    public const string ManageProject = "project:manage";

    /// <summary>Every permission.</summary>
    public static IReadOnlyList<string> All { get; } =
    [
        ViewVirtualKeys, CreateVirtualKeys, UpdateVirtualKeys, RotateVirtualKeys, DeleteVirtualKeys, VerifyVirtualKeys,
        ManageApiKeys, ViewEvents, ManageWebhooks, ManageProject,
    ];
}
