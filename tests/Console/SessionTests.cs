using System.Net;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class SessionTests(ConsoleService service)
{
    [Fact]
    public async Task A_wrong_key_is_refused_with_a_reason()
    {
        await using var person = await service.OpenAsync();
        await person.Page.GotoAsync("/console");
        await person.Page.GetByLabel("API key or admin key").FillAsync("not-a-key");
        await person.PressAsync("Sign in");

        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToHaveTextAsync("The key is not valid.");
        Assert.Empty(await person.Context.CookiesAsync());
    }

    [Fact]
    public async Task A_link_to_a_page_leads_there_after_the_sign_in()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("linked");
        await using var person = await service.OpenAsync();
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        await person.Page.GetByLabel("API key or admin key").FillAsync(project.ApiKey);
        await person.PressAsync("Sign in");

        await person.Page.WaitForURLAsync($"**/console/keys/{key.VirtualKey.Id}");
    }

    [Theory]
    [InlineData("https://elsewhere.example/console")]
    [InlineData("//elsewhere.example/console")]
    [InlineData("/console\\..\\elsewhere")]
    public async Task A_sign_in_never_leads_to_another_site(string target)
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.OpenAsync();
        await person.Page.GotoAsync($"/console/sign-in?return={Uri.EscapeDataString(target)}");
        await person.Page.GetByLabel("API key or admin key").FillAsync(project.ApiKey);
        await person.PressAsync("Sign in");

        await person.Page.WaitForURLAsync("**/console");
    }

    [Fact]
    public async Task A_session_ends_when_its_key_does()
    {
        var project = await service.CreateProjectAsync();
        var issued = await project.Api.ApiKeys.CreateAsync(
            project.Id, new CreateApiKey { Name = "short", Permissions = [ApiKeyPermissions.ViewVirtualKeys] });
        await using var person = await service.SignInAsync(issued.Secret);
        await project.Api.ApiKeys.DeleteAsync(project.Id, issued.ApiKey.Id);

        await person.Page.GotoAsync("/console/keys");

        await person.Page.WaitForURLAsync("**/console/sign-in*");
        Assert.Empty(await person.Context.CookiesAsync());
    }

    [Fact]
    public async Task A_cookie_is_worthless_after_the_sign_out()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);
        var cookie = await person.GetCookieAsync();
        Assert.Equal(HttpStatusCode.OK, await GetAsync(cookie));

        await person.PressAsync("Sign out");
        await person.Page.WaitForURLAsync("**/console/sign-in");

        Assert.Equal(HttpStatusCode.SeeOther, await GetAsync(cookie));
    }

    [Fact]
    public async Task Neither_the_key_nor_the_cookie_nor_a_new_secret_is_logged()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("unlogged");
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");
        var secret = await person.Page.GetByLabel("New secret", new() { Exact = true }).InputValueAsync();

        var log = service.Process.Output;
        foreach (var text in new[] { project.ApiKey, await person.GetCookieAsync(), secret })
            Assert.DoesNotContain(text, log, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://elsewhere.example", "cross-site")]
    [InlineData("https://elsewhere.example", null)]
    [InlineData(null, null)]
    public async Task A_form_of_another_site_is_refused(string? origin, string? site)
    {
        var project = await service.CreateProjectAsync();
        using var http = new HttpClient { BaseAddress = service.Process.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/console/sign-in", UriKind.Relative));
        request.Content = new FormUrlEncodedContent([new("_handler", "sign-in"), new("key", project.ApiKey)]);
        if (origin is not null) request.Headers.Add("Origin", origin);
        if (site is not null) request.Headers.Add("Sec-Fetch-Site", site);

        using var response = await http.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task A_client_cannot_claim_another_address_with_the_headers_of_the_console()
    {
        var project = await service.CreateProjectAsync();
        using var http = new HttpClient { BaseAddress = service.Process.Address };
        http.DefaultRequestHeaders.Authorization = new("Bearer", project.ApiKey);
        http.DefaultRequestHeaders.Add("Console-Client-Address", "192.0.2.99");
        using var content = new StringContent("""{"name":"claimed"}""", null, "application/json");
        using var response = await http.PostAsync(new Uri(Routes.VirtualKeys, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);

        var events = await project.Api.Events.ListPageAsync(newestFirst: true);

        Assert.Equal("127.0.0.1", events.Data[0].SourceAddress);
    }

    [Fact]
    public async Task A_form_from_before_another_sign_in_changes_nothing_and_says_so()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("old tab");
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        var other = await person.Context.NewPageAsync();
        await other.GotoAsync("/console/sign-in");
        await other.GetByLabel("API key or admin key").FillAsync(project.ApiKey);
        await other.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
        await other.WaitForURLAsync("**/console");

        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");

        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("not of this session");
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(key.Secret));
    }

    [Fact]
    public async Task A_form_after_the_end_of_the_session_leads_back_to_its_page()
    {
        var project = await service.CreateProjectAsync();
        var key = await project.CreateKeyAsync("too late");
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync($"/console/keys/{key.VirtualKey.Id}");
        await person.Context.ClearCookiesAsync();

        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");

        var alert = person.Page.GetByRole(AriaRole.Alert);
        await Assertions.Expect(alert).ToContainTextAsync("Your session has ended, and nothing was changed");
        await person.Page.GetByLabel("API key or admin key").FillAsync(project.ApiKey);
        await person.PressAsync("Sign in");
        await person.Page.WaitForURLAsync($"**/console/keys/{key.VirtualKey.Id}");
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(key.Secret));
    }

    private async Task<HttpStatusCode> GetAsync(string cookie) =>
        await ConsoleRequests.GetStatusAsync(service.Process.Address, cookie);
}
