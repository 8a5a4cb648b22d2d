using System.Security.Claims;
using KeysCluster.WebConsole.Accounts;

namespace KeysCluster.Console.Tests.Accounts;

public sealed class AccountRolesTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_person_signs_in_again_after_the_configured_time()
    {
        var roles = new AccountRoles(CreateSettings());
        var account = roles.CreateAccount(CreateClaims(("sub", "1"), ("groups", "team")), Now)!;
        Assert.NotNull(roles.FindPerson(account, Now.AddMinutes(59)));
        Assert.Null(roles.FindPerson(account, Now.AddMinutes(60)));
    }

    [Fact]
    public void A_role_that_is_not_configured_any_more_ends_the_session()
    {
        var account = new AccountRoles(CreateSettings()).CreateAccount(
            CreateClaims(("sub", "1"), ("groups", "team")), Now)!;
        var settings = CreateSettings();
        settings.Roles.Clear();
        Assert.Null(new AccountRoles(settings).FindPerson(account, Now));
    }

    [Fact]
    public void A_value_of_another_claim_gives_no_role() =>
        Assert.Null(new AccountRoles(CreateSettings()).CreateAccount(
            CreateClaims(("sub", "1"), ("roles", "team")), Now));

    [Fact]
    public void A_group_must_match_exactly() =>
        Assert.Null(new AccountRoles(CreateSettings()).CreateAccount(
            CreateClaims(("sub", "1"), ("groups", "TEAM")), Now));

    [Fact]
    public void A_person_without_a_name_is_named_by_the_subject()
    {
        var claims = CreateClaims(("sub", "1"), ("groups", "team"));
        Assert.Equal("1", new AccountRoles(CreateSettings()).CreateAccount(claims, Now)!.Name);
    }

    [Fact]
    public void A_long_name_is_cut_for_events()
    {
        var claims = CreateClaims(("sub", "1"), ("groups", "team"), ("email", new string('a', 300)));
        Assert.Equal(200, new AccountRoles(CreateSettings()).CreateAccount(claims, Now)!.Name.Length);
    }

    private static ClaimsPrincipal CreateClaims(params (string Type, string Value)[] claims) =>
        new(new ClaimsIdentity(claims.Select(claim => new Claim(claim.Type, claim.Value)), "test"));

    private static OpenIdConnectSettings CreateSettings() => new()
    {
        Roles = { ["team"] = new OpenIdConnectRole { Value = "team", Admin = true } },
    };
}
