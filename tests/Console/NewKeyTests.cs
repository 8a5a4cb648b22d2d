using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class NewKeyTests(ConsoleService service)
{
    [Fact]
    public async Task A_person_creates_the_first_key_of_a_project_and_receives_its_secret()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await page.GetByRole(AriaRole.Link, new() { Name = "Create the first key" }).ClickAsync();

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("  checkout ");
        await page.GetByLabel("Description").FillAsync("For the shop\nand its apps");
        await page.GetByLabel("Test", new() { Exact = true }).CheckAsync();
        await page.GetByLabel("Permissions").FillAsync("chat:write, models:*\nfiles:read");
        await page.GetByLabel("Allowed addresses").FillAsync("192.0.2.7\n10.1.0.0/16");
        await page.GetByLabel("Expires (UTC)").FillAsync("2099-01-31T12:30");
        await page.GetByLabel("External id").FillAsync("shop-1");
        await page.GetByLabel("User").FillAsync("user-1");
        await page.GetByLabel("Name 1").FillAsync("team");
        await page.GetByLabel("Value 1").FillAsync("payments = all");
        await page.GetByText("For gateways").ClickAsync();
        await page.GetByLabel("Configuration").FillAsync("""{"limit": 10}""");
        await page.GetByLabel("Credentials of providers").FillAsync("credential 1\ncredential 2");
        await person.PressAsync("Create key");

        var secret = await page.GetByLabel("New secret", new() { Exact = true }).InputValueAsync();
        Assert.StartsWith("vk-lw-test_", secret, StringComparison.Ordinal);
        Assert.Equal(VerdictCode.Active, await project.VerifyAsync(secret, "10.1.2.3"));
        var key = Assert.Single((await project.Api.VirtualKeys.ListPageAsync()).Data);
        Assert.Equal(("checkout", "For the shop\nand its apps"), (key.Name, key.Description));
        Assert.Equal((VirtualKeyEnvironment.Test, "shop-1", "user-1"),
            (key.Environment, key.ExternalId, key.PrincipalUserId));
        Assert.Equal(["chat:write", "models:*", "files:read"], key.Permissions);
        Assert.Equal(["192.0.2.7/32", "10.1.0.0/16"], key.AllowedIps);
        Assert.Equal(new DateTimeOffset(2099, 1, 31, 12, 30, 0, TimeSpan.Zero), key.ExpiresAt);
        Assert.Equal(("team", "payments = all"), key.Metadata.Select(entry => (entry.Key, entry.Value)).Single());
        Assert.Equal(10, key.Config.GetProperty("limit").GetInt32());
        Assert.Equal(["credential 1", "credential 2"], key.ProviderCredentialIds);

        await page.GetByRole(AriaRole.Link, new() { Name = "Open the key" }).ClickAsync();
        await page.WaitForURLAsync($"**/console/keys/{key.Id}");
        Assert.DoesNotContain(secret, await page.ContentAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_reload_after_a_create_shows_the_same_secret_and_creates_no_second_key()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey, new() { JavaScriptEnabled = false });
        await person.Page.GotoAsync("/console/keys/new");
        await person.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("reloaded");
        await person.PressAsync("Create key");
        var field = person.Page.GetByLabel("New secret", new() { Exact = true });
        var secret = await field.InputValueAsync();

        await person.Page.ReloadAsync();

        Assert.Equal(secret, await field.InputValueAsync());
        Assert.Single((await project.Api.VirtualKeys.ListPageAsync()).Data);
    }

    [Fact]
    public async Task A_form_that_was_sent_before_with_other_values_creates_nothing_and_says_so()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await page.GotoAsync("/console/keys/new");
        var once = await page.Locator("main input[name=once]").InputValueAsync();
        await project.Api.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "first" }, once);

        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("second");
        await person.PressAsync("Create key");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("was sent before");
        Assert.Equal("first", Assert.Single((await project.Api.VirtualKeys.ListPageAsync()).Data).Name);
    }

    [Theory]
    [InlineData("Name", "\u200e", "Must not contain control characters")]
    [InlineData("Permissions", "a*b", "Must contain only permissions")]
    [InlineData("Allowed addresses", "10.1.2.3/8", "Must contain only addresses")]
    [InlineData("Expires (UTC)", "2001-01-01T00:00", "Must be later than now")]
    [InlineData("External id", "taken", "Another virtual key of this project has this external_id")]
    [InlineData("Value 1", "no name", "Row 1 has a value and no name")]
    [InlineData("Name 1", "row", "Row 2 has a name that is taken")]
    [InlineData("Configuration", "[1]", "Must be a JSON object")]
    [InlineData("Configuration", "{\"a\": 1,\n}", "Is not valid JSON, in line 2")]
    public async Task An_invalid_field_is_marked_and_what_was_typed_is_kept(string label, string text, string message)
    {
        var project = await service.CreateProjectAsync();
        await project.Api.VirtualKeys.CreateAsync(new CreateVirtualKey { Name = "other", ExternalId = "taken" });
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = person.Page;
        await page.GotoAsync("/console/keys/new");
        await page.GetByText("For gateways").ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("kept");
        await page.GetByLabel("Description").FillAsync("\n<b>& \"typed\"</b>");
        await page.GetByLabel("Name 2").FillAsync("row");
        await page.GetByLabel("Test", new() { Exact = true }).CheckAsync();
        var field = page.GetByLabel(label, new() { Exact = true });
        await field.FillAsync(text);
        await person.PressAsync("Create key");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Nothing was saved");
        var error = page.Locator(".field-error");
        await Assertions.Expect(error).ToContainTextAsync(message);
        await Assertions.Expect(field).ToHaveValueAsync(text);
        var marked = page.Locator("[aria-invalid=true]");
        await Assertions.Expect(marked).ToBeFocusedAsync();
        await Assertions.Expect(marked).ToHaveAccessibleNameAsync(label switch
        {
            "Value 1" => "Name 1",
            "Name 1" => "Name 2",
            _ => label,
        });
        if (!label.EndsWith('1'))
        {
            await Assertions.Expect(marked).ToHaveAccessibleDescriptionAsync(
                new Regex(Regex.Escape((await error.TextContentAsync())!)));
        }

        await Assertions.Expect(page.GetByLabel("Description")).ToHaveValueAsync("\n<b>& \"typed\"</b>");
        await Assertions.Expect(page.GetByLabel("Name 2")).ToHaveValueAsync("row");
        await Assertions.Expect(page.GetByLabel("Test", new() { Exact = true })).ToBeCheckedAsync();
        Assert.Single((await project.Api.VirtualKeys.ListPageAsync()).Data);
    }

    [Fact]
    public async Task An_error_that_concerns_no_field_is_shown_above_the_form()
    {
        var project = await service.CreateProjectAsync();
        using var admin = service.CreateClient(service.AdminKey);
        await admin.Projects.UpdateAsync(project.Id, new UpdateProject { MaxVirtualKeys = 0 });
        await using var person = await service.SignInAsync(project.ApiKey);
        await person.Page.GotoAsync("/console/keys/new");
        await person.Page.GetByLabel("Name", new() { Exact = true }).FillAsync("one too many");
        await person.PressAsync("Create key");

        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("as many virtual keys");
        await Assertions.Expect(person.Page.Locator("#field-name")).ToHaveValueAsync("one too many");
    }
}
