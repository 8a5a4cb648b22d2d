using KeysCluster.Client;
using KeysCluster.WebConsole.Accounts;

namespace KeysCluster.WebConsole.Sessions;

/// <summary>A person who is signed in.</summary>
/// <param name="Api">The API, with the credential of the person.</param>
/// <param name="Caller">What the API says of that credential.</param>
/// <param name="Account">The account of the provider; null for somebody with a key.</param>
/// <param name="FormToken">The token of forms of the session.</param>
internal sealed record SessionUser(
    KeysClient Api, KeysCluster.Client.Caller Caller, PersonAccount? Account, string FormToken)
{
    /// <summary>Hides the token.</summary>
    public override string ToString() => Caller.Name;
}
