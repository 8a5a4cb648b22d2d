using KeysCluster.Hosting;
using KeysCluster.WebConsole.Accounts;
using Microsoft.Extensions.Configuration;

namespace KeysCluster.Console.Tests.Accounts;

public sealed class OpenIdConnectSettingsTests
{
    private const string Section = "Console:OpenIdConnect:";

    private static readonly Dictionary<string, string?> Valid = new()
    {
        ["Authority"] = "https://login.example.com",
        ["ClientId"] = "keys",
        ["ClientSecret"] = "0123456789abcdef",
        ["Roles:team:Value"] = "team",
        ["Roles:team:ProjectId"] = "project_01M82VFRSVR6ZAXRHE86PQ82TV",
        ["Roles:team:Permissions"] = "virtualKeys:view, virtualKeys:rotate",
    };

    [Fact]
    public void No_provider_is_configured_by_default() =>
        Assert.Null(OpenIdConnectSettings.Read(new ConfigurationBuilder().Build()));

    [Fact]
    public void Complete_settings_are_read()
    {
        var settings = Read([])!;
        Assert.Equal(["virtualKeys:view", "virtualKeys:rotate"], settings.Roles["team"].GetPermissions());
        Assert.Equal(60, settings.SessionMinutes);
    }

    [Fact]
    public void A_provider_on_this_machine_needs_no_HTTPS() =>
        Assert.NotNull(Read([("Authority", "http://127.0.0.1:8080")]));

    [Theory]
    [InlineData("Authority", "http://login.example.com", "Authority must be an address that begins with https://.")]
    [InlineData("Authority", null, "Authority must be an address that begins with https://.")]
    [InlineData("ClientId", "", "ClientId is missing.")]
    [InlineData("ClientSecret", "short", "ClientSecret must have at least 16 characters.")]
    [InlineData("SessionMinutes", "4", "SessionMinutes must be 5 to 720.")]
    [InlineData("SessionMinutes", "soon", "is invalid")]
    [InlineData("Roles:team:Value", "", "Roles:team:Value is missing.")]
    [InlineData("Roles:team:Admin", "true", "Roles:team needs either Admin=true or a ProjectId.")]
    [InlineData("Roles:team:ProjectId", null, "Roles:team needs either Admin=true or a ProjectId.")]
    [InlineData("Roles:team:ProjectId", "shop", "Roles:team:ProjectId is not the id of a project.")]
    [InlineData("Roles:team:Permissions", "", "Roles:team:Permissions is missing.")]
    [InlineData("Roles:team:Permissions", "virtualKeys:all", "contains virtualKeys:all, which does not exist.")]
    public void An_invalid_setting_stops_the_start(string name, string? value, string message) =>
        Assert.Contains(
            message, Assert.Throws<StartupException>(() => Read([(name, value)])).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_roles_nobody_could_do_anything()
    {
        (string, string?)[] changes =
            [("Roles:team:Value", null), ("Roles:team:ProjectId", null), ("Roles:team:Permissions", null)];
        var exception = Assert.Throws<StartupException>(() => Read(changes));
        Assert.Contains("Roles is missing", exception.Message, StringComparison.Ordinal);
    }

    private static OpenIdConnectSettings? Read((string Name, string? Value)[] changes)
    {
        var settings = new Dictionary<string, string?>(Valid);
        foreach (var (name, value) in changes)
        {
            if (value is null) settings.Remove(name);
            else settings[name] = value;
        }

        return OpenIdConnectSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(entry => KeyValuePair.Create(Section + entry.Key, entry.Value)))
            .Build());
    }
}
