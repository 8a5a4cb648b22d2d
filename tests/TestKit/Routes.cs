namespace KeysCluster.TestKit;

/// <summary>The paths of the API. Tests spell them out again because they are part of the contract.</summary>
public static class Routes
{
    /// <summary>All projects.</summary>
    public const string Projects = "/api/projects";

    /// <summary>The virtual keys of the caller's project.</summary>
    public const string VirtualKeys = "/api/gateway/v1/virtual-keys";

    /// <summary>Verifies a secret.</summary>
    public const string Verify = VirtualKeys + "/verify";

    /// <summary>Counts the verifications of the caller's project.</summary>
    public const string Verifications = VirtualKeys + "/verifications";

    /// <summary>The events of the caller's project.</summary>
    public const string Events = "/api/gateway/v1/events";

    /// <summary>The webhooks of the caller's project.</summary>
    public const string Webhooks = "/api/gateway/v1/webhooks";

    /// <summary>The events of all projects.</summary>
    public const string AllEvents = "/api/events";

    /// <summary>One virtual key.</summary>
    public static string VirtualKey(string id) => $"{VirtualKeys}/{id}";

    /// <summary>The events of a virtual key.</summary>
    public static string VirtualKeyEvents(string id) => $"{VirtualKeys}/{id}/events";

    /// <summary>Rotates the secret of a virtual key.</summary>
    public static string Rotate(string id) => $"{VirtualKeys}/{id}/rotate";

    /// <summary>Revokes a virtual key.</summary>
    public static string Revoke(string id) => $"{VirtualKeys}/{id}/revoke";

    /// <summary>Disables a virtual key.</summary>
    public static string Disable(string id) => $"{VirtualKeys}/{id}/disable";

    /// <summary>Enables a virtual key.</summary>
    public static string Enable(string id) => $"{VirtualKeys}/{id}/enable";

    /// <summary>The retiring secrets of a virtual key.</summary>
    public static string RetiringSecrets(string id) => $"{VirtualKeys}/{id}/retiring-secrets";

    /// <summary>One retiring secret of a virtual key.</summary>
    public static string RetiringSecret(string id, string secretId) => $"{RetiringSecrets(id)}/{secretId}";

    /// <summary>One project.</summary>
    public static string Project(string id) => $"{Projects}/{id}";

    /// <summary>What the presented key is.</summary>
    public const string WhoAmI = "/api/whoami";

    /// <summary>Disables a project.</summary>
    public static string DisableProject(string id) => $"{Projects}/{id}/disable";

    /// <summary>Enables a project.</summary>
    public static string EnableProject(string id) => $"{Projects}/{id}/enable";

    /// <summary>Erases an archived project.</summary>
    public static string EraseProject(string id) => $"{Projects}/{id}/erase";

    /// <summary>The API keys of a project.</summary>
    public static string ApiKeys(string id) => $"{Projects}/{id}/api-keys";

    /// <summary>One API key of a project.</summary>
    public static string ApiKey(string id, string keyId) => $"{ApiKeys(id)}/{keyId}";

    /// <summary>Rotates one API key of a project.</summary>
    public static string RotateOneApiKey(string id, string keyId) => $"{ApiKey(id, keyId)}/rotate";

    /// <summary>The retiring secrets of an API key.</summary>
    public static string ApiKeySecrets(string id, string keyId) => $"{ApiKey(id, keyId)}/retiring-secrets";

    /// <summary>One retiring secret of an API key.</summary>
    public static string ApiKeySecret(string id, string keyId, string secretId) =>
        $"{ApiKeySecrets(id, keyId)}/{secretId}";

    /// <summary>Rotates the API key with which a project was created.</summary>
    public static string RotateApiKey(string id) => $"{Projects}/{id}/rotate-api-key";

    /// <summary>The retiring API keys of a project.</summary>
    public static string RetiringApiKeys(string id) => $"{Projects}/{id}/retiring-api-keys";

    /// <summary>One retiring API key of a project.</summary>
    public static string RetiringApiKey(string id, string secretId) => $"{RetiringApiKeys(id)}/{secretId}";
}
