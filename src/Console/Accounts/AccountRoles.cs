using System.Security.Claims;
using KeysCluster.Hosting;

namespace KeysCluster.WebConsole.Accounts;

/// <summary>Decides what a person may do, by the claims of the provider and the settings.</summary>
internal sealed class AccountRoles(OpenIdConnectSettings settings)
{
    private const int MaxSubjectLength = 255;
    private const int MaxNameLength = 200;

    /// <summary>Creates the account of a person who signs in; null if none of the roles is theirs.</summary>
    /// <param name="claims">The claims of the identity token.</param>
    /// <param name="now">The current time.</param>
    public PersonAccount? CreateAccount(ClaimsPrincipal claims, DateTimeOffset now)
    {
        if (claims.FindFirstValue("sub") is not { Length: > 0 and <= MaxSubjectLength } subject) return null;
        string[] roles =
        [
            .. settings.Roles
                .Where(role => claims.HasClaim(settings.RoleClaim, role.Value.Value))
                .Select(role => role.Key)
                .Order(StringComparer.OrdinalIgnoreCase),
        ];
        if (roles.Length == 0) return null;
        var name = claims.FindFirstValue(settings.NameClaim) is { Length: > 0 } text ? text : subject;
        return new PersonAccount(subject, name[..Math.Min(name.Length, MaxNameLength)], roles, roles[0], now);
    }

    /// <summary>
    /// Returns what an account may do at present; null if it has to sign in again, or its role is not configured any
    /// more.
    /// </summary>
    public SignedInPerson? FindPerson(PersonAccount account, DateTimeOffset now)
    {
        var isRecent = now < account.SignedInAt + TimeSpan.FromMinutes(settings.SessionMinutes);
        return isRecent && settings.Roles.TryGetValue(account.Role, out var role)
            ? new SignedInPerson(account.Subject, account.Name, role.ProjectId, role.GetPermissions())
            : null;
    }
}
