using System.ComponentModel.DataAnnotations;
using KeysCluster.Hosting;
using KeysCluster.Projects;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.WebConsole.Accounts;

/// <summary>Configures how people sign in to the console with an account of their organization.</summary>
internal sealed class OpenIdConnectSettings : IValidatableObject
{
    private const string Section = "Console:OpenIdConnect";
    private const int MinClientSecretLength = 16;
    private const int MinSessionMinutes = 5;
    private const int MaxSessionMinutes = 720;

    /// <summary>The address of the provider (<c>Console:OpenIdConnect:Authority</c>).</summary>
    public string? Authority { get; set; }

    /// <summary>The id of this service at the provider (<c>Console:OpenIdConnect:ClientId</c>).</summary>
    public string? ClientId { get; set; }

    /// <summary>
    /// The secret of this service at the provider (<c>Console:OpenIdConnect:ClientSecret</c>). Front ends derive from
    /// it the key of the state that a browser carries to the provider and back.
    /// </summary>
    public string? ClientSecret { get; set; }

    /// <summary>What the sign-in page calls the provider (<c>Console:OpenIdConnect:DisplayName</c>).</summary>
    public string DisplayName { get; set; } = "single sign-on";

    /// <summary>The scopes to request, with spaces between them (<c>Console:OpenIdConnect:Scopes</c>).</summary>
    public string Scopes { get; set; } = "openid profile email";

    /// <summary>The claim whose values give roles (<c>Console:OpenIdConnect:RoleClaim</c>).</summary>
    public string RoleClaim { get; set; } = "groups";

    /// <summary>The claim with the name of a person in events (<c>Console:OpenIdConnect:NameClaim</c>).</summary>
    public string NameClaim { get; set; } = "email";

    /// <summary>
    /// After how many minutes a person signs in again, so that the provider can refuse
    /// (<c>Console:OpenIdConnect:SessionMinutes</c>), 5 to 720.
    /// </summary>
    public int SessionMinutes { get; set; } = 60;

    /// <summary>What people may do, by the name of the role.</summary>
    public Dictionary<string, OpenIdConnectRole> Roles { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads the settings; null if no provider is configured.</summary>
    /// <exception cref="StartupException">A setting is invalid.</exception>
    public static OpenIdConnectSettings? Read(IConfiguration configuration)
    {
        var section = configuration.GetSection(Section);
        if (!section.Exists()) return null;
        try
        {
            return SettingsValidation.Validate(section.Get<OpenIdConnectSettings>()!);
        }
        catch (InvalidOperationException exception)
        {
            throw new StartupException($"{Section} is invalid: {exception.Message}");
        }
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!IsSecure(Authority)) yield return Invalid("Authority must be an address that begins with https://.");
        if (string.IsNullOrWhiteSpace(ClientId)) yield return Invalid("ClientId is missing.");
        if (ClientSecret is not { Length: >= MinClientSecretLength })
            yield return Invalid($"ClientSecret must have at least {MinClientSecretLength} characters.");
        if (SessionMinutes is < MinSessionMinutes or > MaxSessionMinutes)
            yield return Invalid($"SessionMinutes must be {MinSessionMinutes} to {MaxSessionMinutes}.");
        if (Roles.Count == 0) yield return Invalid("Roles is missing: nobody could do anything.");
        foreach (var (name, role) in Roles)
        {
            if (!SettingName.IsValid(name))
                yield return Invalid($"Roles has an invalid name: it needs {SettingName.Rule}.");
            if (string.IsNullOrEmpty(role.Value)) yield return Invalid($"Roles:{name}:Value is missing.");
            if (role.Admin == role.ProjectId is not null)
                yield return Invalid($"Roles:{name} needs either Admin=true or a ProjectId.");
            if (role.ProjectId is { } project && !ProjectId.TryParse(project, out _))
                yield return Invalid($"Roles:{name}:ProjectId is not the id of a project.");
            if (role.ProjectId is not null && role.GetPermissions().Count == 0)
                yield return Invalid($"Roles:{name}:Permissions is missing.");
            foreach (var permission in role.GetPermissions().Except(ApiKeyPermissions.All))
                yield return Invalid($"Roles:{name}:Permissions contains {permission}, which does not exist.");
        }
    }

    /// <summary>Without HTTPS, only a provider on the same machine can be trusted.</summary>
    private static bool IsSecure(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));

    private static ValidationResult Invalid(string message) => new($"{Section}:{message}");
}
