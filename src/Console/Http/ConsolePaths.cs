namespace KeysCluster.WebConsole.Http;

/// <summary>The paths of the console.</summary>
internal static class ConsolePaths
{
    public const string Home = "/console";
    public const string SignIn = "/console/sign-in";
    public const string SignOut = "/console/sign-out";
    public const string Keys = "/console/keys";
    public const string Webhooks = "/console/webhooks";

    public static string GetSignIn(string page) =>
        page == Home ? SignIn : $"{SignIn}?return={Uri.EscapeDataString(page)}";

    public static string GetKey(string id) => $"{Keys}/{Uri.EscapeDataString(id)}";

    /// <summary>The part of the page of a key that shows its secrets.</summary>
    public static string GetSecrets(string id) => $"{GetKey(id)}/secrets";

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
