using KeysCluster.Client;
using KeysCluster.WebConsole.Accounts;

namespace KeysCluster.WebConsole.Sessions;

/// <summary>The person who is signed in, for the components of a page.</summary>
internal sealed class ConsoleSession
{
    private SessionUser? _user;

    /// <summary>Whether somebody is signed in.</summary>
    public bool IsSignedIn => _user is not null;

    /// <summary>The API, with the credential of the person.</summary>
    public KeysClient Api => User.Api;

    /// <summary>What the person may do.</summary>
    public KeysCluster.Client.Caller Caller => User.Caller;

    /// <summary>The account of the provider; null for somebody with a key.</summary>
    public PersonAccount? Account => User.Account;

    /// <summary>The token of forms of this session.</summary>
    public string FormToken => _user?.FormToken ?? "";

    public bool IsAdmin => Caller.Kind == "admin";

    /// <summary>Whether the person may change API keys of the project, or of any project.</summary>
    public bool CanManageApiKeys => IsAdmin || CanChange(ApiKeyPermissions.ManageApiKeys);

    private SessionUser User => _user ?? throw new InvalidOperationException("Nobody is signed in.");

    public void SignIn(SessionUser user) => _user = user;

    /// <summary>Returns whether the person may do something in the project of the API key.</summary>
    /// <param name="permission">One of <see cref="ApiKeyPermissions"/>.</param>
    public bool Can(string permission) => _user is { } user && user.Caller.Permissions.Contains(permission);

    /// <summary>Returns whether the person may change something, which a replaced API key may not.</summary>
    public bool CanChange(string permission) => Can(permission) && !Caller.Retiring;
}
