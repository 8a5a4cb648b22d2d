namespace KeysCluster.Contract.Services;

/// <summary>The paths of the API, written out here once more: they are part of the contract.</summary>
internal static class Routes
{
    public const string Projects = "/api/projects";
    public const string VirtualKeys = "/api/gateway/v1/virtual-keys";
    public const string Verify = VirtualKeys + "/verify";

    public static string VirtualKey(string id) => $"{VirtualKeys}/{id}";

    public static string Rotate(string id) => $"{VirtualKeys}/{id}/rotate";

    public static string Revoke(string id) => $"{VirtualKeys}/{id}/revoke";

    public static string Disable(string id) => $"{VirtualKeys}/{id}/disable";

    public static string Enable(string id) => $"{VirtualKeys}/{id}/enable";

    public static string RetiringSecrets(string id) => $"{VirtualKeys}/{id}/retiring-secrets";

    public static string RetiringSecret(string id, string secretId) => $"{RetiringSecrets(id)}/{secretId}";

    public static string Project(string id) => $"{Projects}/{id}";

    public static string RotateApiKey(string id) => $"{Projects}/{id}/rotate-api-key";

    public static string RetiringApiKeys(string id) => $"{Projects}/{id}/retiring-api-keys";

    public static string RetiringApiKey(string id, string secretId) => $"{RetiringApiKeys(id)}/{secretId}";
}
