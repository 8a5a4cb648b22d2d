using System.Net;
using System.Text;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests.OpenIdConnect;

public sealed class ProviderSignInTests(ProviderService service) : IClassFixture<ProviderService>
{
    [Fact]
    public async Task A_person_rotates_a_key_and_the_event_names_the_person()
    {
        var key = await service.Project.CreateKeyAsync("of the team");
        await using var person = await service.OpenAsync();
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        await person.SignInByProviderAsync("rosa");

        var title = person.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Assertions.Expect(title).ToHaveTextAsync("of the team");
        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");

        await Assertions.Expect(person.Page.GetByLabel("New secret", new() { Exact = true })).ToBeVisibleAsync();
        var page = await service.Project.Api.Events.ListPageAsync(new EventFilter { Type = "virtual_key.rotated" });
        var rotated = Assert.Single(page.Data, entry => entry.VirtualKeyId == key.VirtualKey.Id);
        var actor = rotated.Actor!;
        Assert.Equal(("user", "id-of-rosa", "rosa@example.com"), (actor.Kind, actor.Id, actor.Name));
    }

    [Fact]
    public async Task The_role_limits_what_the_person_may_do()
    {
        var key = await service.Project.CreateKeyAsync("looked at");
        await using var person = await service.SignInAsync("vera");

        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");

        var title = person.Page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Assertions.Expect(title).ToHaveTextAsync("looked at");
        await Assertions.Expect(person.Page.GetByText("Rotate secret")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_account_without_a_role_gets_no_session()
    {
        await using var person = await service.OpenAsync();
        await person.SignInByProviderAsync("nora");

        await ExpectAlertAsync(person, "Your account may not use this console");
        await person.Page.GotoAsync("/console/keys");
        Assert.Contains("/console/sign-in", person.Page.Url, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refusal_of_the_provider_is_shown()
    {
        await using var person = await service.OpenAsync();
        await person.SignInByProviderAsync("refuse");
        await ExpectAlertAsync(person, "The sign-in was refused");
    }

    [Fact]
    public async Task A_person_with_several_roles_chooses_and_changes_the_role()
    {
        await using var person = await service.SignInAsync("bill");
        await person.Page.WaitForURLAsync("**/console/role");
        await person.Page.GetByLabel("looking").CheckAsync();
        await person.PressAsync("Continue");
        await Assertions.Expect(person.Page.Locator(".who")).ToContainTextAsync("looking");
        var looking = await person.GetCookieAsync();

        await person.Page.GotoAsync("/console/role");
        await person.Page.GetByLabel("ruling").CheckAsync();
        await person.PressAsync("Continue");

        await Assertions.Expect(person.Page.Locator(".who")).ToContainTextAsync("admin:bill@example.com");
        await Assertions.Expect(person.Page.Locator(".who")).ToContainTextAsync("ruling");
        Assert.NotEqual(looking, await person.GetCookieAsync());
    }

    [Fact]
    public async Task A_role_that_the_account_does_not_have_is_refused()
    {
        await using var person = await service.SignInAsync("vera");
        await person.Page.GotoAsync("/console/role");
        await person.Page.EvaluateAsync("document.querySelector('[name=role]').value = 'ruling'");
        await person.PressAsync("Continue");
        await ExpectAlertAsync(person, "Choose one of the roles");
    }

    [Fact]
    public async Task A_response_that_this_browser_did_not_ask_for_signs_nobody_in()
    {
        await using var person = await service.OpenAsync();
        await person.Page.GotoAsync("/console/sign-in/callback?code=stolen&state=forged");
        await ExpectAlertAsync(person, "could not sign you in");
    }

    [Fact]
    public async Task A_response_of_another_browser_signs_nobody_in()
    {
        await using var thief = await service.OpenAsync();
        await thief.Page.GotoAsync("/console/sign-in/provider");
        var login = await thief.Page.GetByRole(AriaRole.Link, new() { Name = "anna" }).GetAttributeAsync("href");
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        using var response = await http.GetAsync(new Uri(service.ProviderAddress, login));
        var callback = response.Headers.Location!.ToString();
        Assert.Contains("/console/sign-in/callback?code=", callback, StringComparison.Ordinal);

        await using var person = await service.OpenAsync();
        await person.Page.GotoAsync(callback);
        await ExpectAlertAsync(person, "could not sign you in");
    }

    [Fact]
    public async Task A_person_in_a_header_is_nobody()
    {
        using var http = new HttpClient { BaseAddress = service.Process.Address };
        var person = """{"Subject":"id-of-anna","Name":"anna","ProjectId":null,"Permissions":[]}""";
        http.DefaultRequestHeaders.Add("Console-Person", Convert.ToBase64String(Encoding.UTF8.GetBytes(person)));
        using var response = await http.GetAsync(new Uri("/api/whoami", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    [Fact]
    public async Task A_key_signs_in_as_well()
    {
        await using var person = await service.OpenAsync();
        await person.SignInAsync(service.Project.ApiKey);
        await Assertions.Expect(person.Page.Locator(".who")).ToContainTextAsync("sk-lw-");
    }

    private static Task ExpectAlertAsync(ConsolePerson person, string text) =>
        Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync(text);
}
