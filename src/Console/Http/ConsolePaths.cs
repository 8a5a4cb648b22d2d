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

    public static string GetSignIn(string page) =>
        page == Home ? SignIn : $"{SignIn}?return={Uri.EscapeDataString(page)}";

    public static string GetProviderSignIn(string page) =>
        $"{ProviderSignIn}?return={Uri.EscapeDataString(page)}";

    /// <summary>The sign-in page, which says why the provider's response did not sign the person in.</summary>
    public static string GetFailedSignIn(string failure) => $"{SignIn}?failure={failure}";

    public static string GetKey(string id) => $"{Keys}/{Uri.EscapeDataString(id)}";

    /// <summary>The part of the page of a key that shows its secrets.</summary>
    public static string GetSecrets(string id) => $"{GetKey(id)}/secrets";

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
