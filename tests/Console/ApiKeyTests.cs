using System.Net;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class ApiKeyTests(ConsoleService service)
{
    [Fact]
    public async Task A_person_issues_an_API_key_with_chosen_permissions()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey, new() { JavaScriptEnabled = false });
        var page = person.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "API keys" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Issue an API key" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(ApiKeyPermissions.All.Count);
        Assert.Equal(1, await page.GetByRole(AriaRole.Checkbox, new() { Checked = true }).CountAsync());

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("gateway");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = ApiKeyPermissions.VerifyVirtualKeys }).CheckAsync();
        await page.GetByLabel("Expires (UTC)").FillAsync("2099-01-31T12:30");
        await person.PressAsync("Issue API key");

        var secret = await GetNewSecretAsync(page);
        await page.ReloadAsync();
        Assert.Equal(secret, await GetNewSecretAsync(page));
        using var api = service.CreateClient(secret);
        var caller = await api.GetCallerAsync();
        Assert.Equal([ApiKeyPermissions.ViewVirtualKeys, ApiKeyPermissions.VerifyVirtualKeys], caller.Permissions);
        var issued = await project.Api.ApiKeys.GetAsync(project.Id, caller.ApiKeyId!);
        Assert.Equal(
            ("gateway", new DateTimeOffset(2099, 1, 31, 12, 30, 0, TimeSpan.Zero)), (issued.Name, issued.ExpiresAt));
        Assert.Equal(2, (await project.Api.ApiKeys.ListAsync(project.Id)).Count);

        await page.GetByRole(AriaRole.Link, new() { Name = "Open the API key" }).ClickAsync();
        await page.WaitForURLAsync($"**/console/api-keys/{issued.Id}");
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_cannot_grant_what_the_own_API_key_does_not_have()
    {
        var project = await service.CreateProjectAsync();
        var limited = await project.Api.ApiKeys.CreateAsync(project.Id, new CreateApiKey
        {
            Name = "limited",
            Permissions = [ApiKeyPermissions.ManageApiKeys, ApiKeyPermissions.ViewEvents],
            ExpiresAt = new DateTimeOffset(2090, 1, 1, 0, 0, 0, TimeSpan.Zero),
        });
        await using var person = await service.SignInAsync(limited.Secret);
        var page = person.Page;
        await page.GotoAsync("/console/api-keys/new");
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(2);

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("greedy");
        await person.PressAsync("Issue API key");
        await Assertions.Expect(page.Locator(".field-error")).ToHaveTextAsync("Choose at least one.");

        await page.GetByRole(AriaRole.Checkbox, new() { Name = ApiKeyPermissions.ViewEvents }).CheckAsync();
        await page.GetByLabel("Expires (UTC)").FillAsync("2091-01-01T00:00");
        await person.PressAsync("Issue API key");
        await Assertions.Expect(page.Locator(".field-error")).ToContainTextAsync("expire no later than itself");

        // A box of another page.
        await page.GetByLabel("Expires (UTC)").FillAsync("2089-01-01T00:00");
        await page.GetByRole(AriaRole.Checkbox).First.EvaluateAsync("box => box.value = 'virtualKeys:delete'");
        await page.GetByRole(AriaRole.Checkbox).First.CheckAsync();
        await person.PressAsync("Issue API key");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("lacks virtualKeys:delete");
        Assert.Equal(2, (await project.Api.ApiKeys.ListAsync(project.Id)).Count);
    }

    [Fact]
    public async Task An_API_key_is_rotated_and_its_old_secret_expired()
    {
        var project = await service.CreateProjectAsync();
        var old = await project.Api.ApiKeys.CreateAsync(
            project.Id, new CreateApiKey { Name = "worker", Permissions = [ApiKeyPermissions.ViewEvents] });
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await page.GotoAsync("/console/api-keys");
        await page.GetByRole(AriaRole.Link, new() { Name = "worker" }).ClickAsync();
        await person.UnfoldAsync("Rotate secret");
        await page.GetByLabel("7 days").CheckAsync();
        await person.PressAsync("Rotate now");

        var secret = await GetNewSecretAsync(page);
        await page.ReloadAsync();
        Assert.Equal(secret, await GetNewSecretAsync(page));
        await Assertions.Expect(page.Locator(".timeline li.retiring")).ToContainTextAsync("Ends in 6 days");
        Assert.False(await IsRefusedAsync(old.Secret));

        // The fragment that the script fetches has the same button.
        await page.WaitForResponseAsync(response => response.Url.EndsWith("/secrets", StringComparison.Ordinal));
        await person.PressAsync("Expire ");
        await Assertions.Expect(page.GetByText("The secret has expired")).ToBeVisibleAsync();
        Assert.True(await IsRefusedAsync(old.Secret));
        Assert.False(await IsRefusedAsync(secret));
    }

    [Fact]
    public async Task A_person_rotates_the_own_API_key_and_a_reload_still_shows_the_secret()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await page.GotoAsync("/console/api-keys");
        await Assertions.Expect(page.Locator("tbody")).ToContainTextAsync("this session");
        await page.Locator("tbody a").ClickAsync();
        await person.UnfoldAsync("Rotate secret");
        await person.PressAsync("Rotate now");

        var secret = await GetNewSecretAsync(page);
        await Assertions.Expect(page.GetByText("sign in with it")).ToBeVisibleAsync();
        await page.ReloadAsync();
        Assert.Equal(secret, await GetNewSecretAsync(page));
        Assert.Single((await project.Api.ApiKeys.ListAsync(project.Id))[0].RetiringSecrets);

        // The session goes on with the replaced secret, which can only read.
        await page.GotoAsync(page.Url);
        await Assertions.Expect(page.GetByText("was replaced")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator("main button, main summary")).ToHaveCountAsync(0);
        await page.GotoAsync("/console/api-keys/new");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was replaced, and can only read");
        await page.GotoAsync("/console/keys/new");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was replaced, and can only read");
    }

    [Fact]
    public async Task An_API_key_is_renamed_and_deleted_only_when_its_name_is_typed()
    {
        var project = await service.CreateProjectAsync();
        var issued = await project.Api.ApiKeys.CreateAsync(
            project.Id, new CreateApiKey { Name = "typo", Permissions = [ApiKeyPermissions.ViewEvents] });
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await page.GotoAsync($"/console/api-keys/{issued.ApiKey.Id}");
        await person.UnfoldAsync("Rename");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(new string('x', 129));
        await person.PressAsync("Save name");
        await Assertions.Expect(page.Locator(".field-error")).ToContainTextAsync("Must have at most 128 characters");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("reports");
        await person.PressAsync("Save name");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("reports");

        await person.UnfoldAsync("Delete");
        await page.GetByLabel("to confirm").FillAsync("typo");
        await person.PressAsync("Delete API key");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nothing was deleted");
        Assert.False(await IsRefusedAsync(issued.Secret));

        await page.GetByLabel("to confirm").FillAsync(" reports ");
        await person.PressAsync("Delete API key");
        await Assertions.Expect(page.GetByText("The API key is deleted")).ToBeVisibleAsync();
        Assert.True(await IsRefusedAsync(issued.Secret));
        await page.GetByRole(AriaRole.Link, new() { Name = "Back to the list" }).ClickAsync();
        await Assertions.Expect(page.Locator("tbody tr")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task An_administrator_manages_the_API_keys_of_a_project()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(service.AdminKey);
        var page = person.Page;
        await page.GotoAsync("/console/api-keys");
        await page.WaitForURLAsync("**/console/projects");

        await page.GotoAsync($"/console/projects/{project.Id}/api-keys");
        await page.GetByRole(AriaRole.Link, new() { Name = "Issue an API key" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Checkbox)).ToHaveCountAsync(ApiKeyPermissions.All.Count);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("by the administrator");
        await person.PressAsync("Issue API key");
        var secret = await GetNewSecretAsync(page);
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the API key" }).ClickAsync();
        await page.WaitForURLAsync($"**/console/projects/{project.Id}/api-keys/apikey_*");
        await page.WaitForResponseAsync(response => response.Url.EndsWith("/secrets", StringComparison.Ordinal));
        await person.UnfoldAsync("Delete");
        await page.GetByLabel("to confirm").FillAsync("by the administrator");
        await person.PressAsync("Delete API key");

        await Assertions.Expect(page.GetByText("The API key is deleted")).ToBeVisibleAsync();
        Assert.True(await IsRefusedAsync(secret));
    }

    private static Task<string> GetNewSecretAsync(IPage page) =>
        page.GetByLabel("New secret", new() { Exact = true }).InputValueAsync();

    private async Task<bool> IsRefusedAsync(string secret)
    {
        using var api = service.CreateClient(secret);
        try
        {
            await api.GetCallerAsync();
            return false;
        }
        catch (KeysApiException exception) when (exception.StatusCode == HttpStatusCode.Unauthorized)
        {
            return true;
        }
    }
}
