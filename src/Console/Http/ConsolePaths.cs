namespace KeysCluster.WebConsole.Http;

/// <summary>The paths of the console.</summary>
internal static class ConsolePaths
{
    public const string Home = "/console";
    public const string SignIn = "/console/sign-in";
    public const string ProviderSignIn = "/console/sign-in/provider";
    public const string ProviderCallback = "/console/sign-in/callback";
    public const string Role = "/console/role";
    public const string SignOut = "/console/sign-out";
    public const string Keys = "/console/keys";
    public const string NewKey = "/console/keys/new";
    public const string ApiKeys = "/console/api-keys";
    public const string Projects = "/console/projects";
    public const string ArchivedProjects = "/console/projects?status=archived";
    public const string NewProject = "/console/projects/new";
    public const string Webhooks = "/console/webhooks";

    /// <summary>Added to <see cref="GetSignIn"/> after a form that was sent without a session.</summary>
    public const string UnsentForm = "&unsent=true";

    public static string GetSignIn(string page) => $"{SignIn}?return={Uri.EscapeDataString(page)}";

    public static string GetProviderSignIn(string page) =>
        $"{ProviderSignIn}?return={Uri.EscapeDataString(page)}";

    /// <summary>The sign-in page, which says why the provider's response did not sign the person in.</summary>
    public static string GetFailedSignIn(string failure) => $"{SignIn}?failure={failure}";

    public static string GetKey(string id) => $"{Keys}/{Uri.EscapeDataString(id)}";

    /// <summary>The page of a key with older events.</summary>
    public static string GetEvents(string id, string cursor) =>
        $"{GetKey(id)}?events={Uri.EscapeDataString(cursor)}#events-title";

    /// <summary>The part of the page of a key that shows its secrets.</summary>
    public static string GetSecrets(string id) => $"{GetKey(id)}/secrets";

    public static string GetProject(string id) => $"{Projects}/{Uri.EscapeDataString(id)}";

    /// <summary>The API keys of the project of the session, or of another one.</summary>
    public static string GetApiKeys(string? projectId) =>
        projectId is null ? ApiKeys : $"{GetProject(projectId)}/api-keys";

    public static string GetNewApiKey(string? projectId) => $"{GetApiKeys(projectId)}/new";

    public static string GetApiKey(string? projectId, string id) =>
        $"{GetApiKeys(projectId)}/{Uri.EscapeDataString(id)}";

    /// <summary>The part of the page of an API key that shows its secrets.</summary>
    public static string GetApiKeySecrets(string? projectId, string id) => $"{GetApiKey(projectId, id)}/secrets";

    public static string GetWebhook(string id) => $"{Webhooks}/{Uri.EscapeDataString(id)}";

    public static string GetDelivery(string webhookId, string id) =>
        $"{GetWebhook(webhookId)}/deliveries/{Uri.EscapeDataString(id)}";

    /// <summary>A delivery after the person had it sent again.</summary>
    public static string GetSentAgain(string webhookId, string id) => GetDelivery(webhookId, id) + "?again=true";

    /// <summary>
    /// Returns a path if it is one of the console, otherwise the home, so that a link leads to no other site.
    /// </summary>
    public static string GetLocal(string? path) =>
        path is not null
        && (path == Home || path.StartsWith(Home + "/", StringComparison.Ordinal))
        && !path.Contains('\\', StringComparison.Ordinal)
            ? path
            : Home;
}
