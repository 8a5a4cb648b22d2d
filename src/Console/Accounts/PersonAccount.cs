namespace KeysCluster.WebConsole.Accounts;

/// <summary>An account of a provider, as a session contains it.</summary>
/// <param name="Subject">The id of the account at the provider.</param>
/// <param name="Name">The name in events.</param>
/// <param name="Roles">The names of the roles that the provider's claims give.</param>
/// <param name="Role">The name of the one in use.</param>
/// <param name="SignedInAt">When the provider vouched for it.</param>
internal sealed record PersonAccount(
    string Subject, string Name, IReadOnlyList<string> Roles, string Role, DateTimeOffset SignedInAt);
