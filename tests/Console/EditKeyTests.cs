using System.Text.Json;
using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class EditKeyTests(ConsoleService service)
{
    [Fact]
    public async Task A_person_changes_some_fields_of_a_key_and_the_others_stay_exactly_as_they_are()
    {
        var project = await service.CreateProjectAsync();
        var created = await CreateKeyAsync(project);
        await using var person = await service.SignInAsync(project.ApiKey, new() { JavaScriptEnabled = false });
        var page = await OpenAsync(person, created.Id);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("after");
        await page.GetByLabel("Permissions").FillAsync("a,b\nc:read c:write");
        await page.GetByLabel("Configuration").FillAsync("""{"limit": 2, "new": [1]}""");
        await person.PressAsync("Save changes");

        await Assertions.Expect(page.GetByText("The changes are saved")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("after");
        var saved = await project.Api.VirtualKeys.GetAsync(created.Id);
        Assert.Equal("after", saved.Name);
        Assert.Equal(["a,b", "c:read", "c:write"], saved.Permissions);
        Assert.Equal("""{"limit":2,"new":[1]}""", JsonSerializer.Serialize(saved.Config));
        Assert.Equal(
            (created.Description, created.ExternalId, created.ExpiresAt),
            (saved.Description, saved.ExternalId, saved.ExpiresAt));
        Assert.Equal(created.Metadata, saved.Metadata);
        Assert.Equal(created.AllowedIps, saved.AllowedIps);
        Assert.Equal(created.ProviderCredentialIds, saved.ProviderCredentialIds);
    }

    [Fact]
    public async Task Fields_are_cleared()
    {
        var project = await service.CreateProjectAsync();
        var created = await CreateKeyAsync(project);
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = await OpenAsync(person, created.Id);
        foreach (var label in (string[])
            [
                "Description", "Permissions", "Allowed addresses", "Expires (UTC)", "External id", "Name 1", "Value 1",
                "Configuration", "Credentials of providers",
            ])
        {
            await page.GetByLabel(label, new() { Exact = true }).FillAsync("");
        }

        await person.PressAsync("Save changes");

        await Assertions.Expect(page.GetByText("The changes are saved")).ToBeVisibleAsync();
        var saved = await project.Api.VirtualKeys.GetAsync(created.Id);
        Assert.Equal((null, null, null), (saved.Description, saved.ExternalId, saved.ExpiresAt));
        Assert.Empty(saved.Permissions);
        Assert.Empty(saved.AllowedIps);
        Assert.Empty(saved.ProviderCredentialIds);
        Assert.Equal(["note"], saved.Metadata.Keys);
        Assert.Equal("{}", saved.Config.GetRawText());
    }

    [Fact]
    public async Task An_invalid_field_is_marked_in_the_open_form()
    {
        var project = await service.CreateProjectAsync();
        var created = await CreateKeyAsync(project);
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = await OpenAsync(person, created.Id);
        await page.GetByLabel("Allowed addresses").FillAsync("everywhere");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("typed");
        await person.PressAsync("Save changes");

        await Assertions.Expect(page.Locator(".field-error")).ToContainTextAsync("Must contain only addresses");
        await Assertions.Expect(page.GetByLabel("Allowed addresses")).ToBeFocusedAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("typed");
        Assert.Equal("1", (await project.Api.VirtualKeys.GetAsync(created.Id)).Revision);
    }

    [Fact]
    public async Task Two_people_do_not_overwrite_each_other()
    {
        var project = await service.CreateProjectAsync();
        var created = await CreateKeyAsync(project);
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = await OpenAsync(person, created.Id);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("mine");
        await project.Api.VirtualKeys.UpdateAsync(
            created.Id, new UpdateVirtualKey { Description = "theirs", Permissions = new(["theirs"]) });
        await person.PressAsync("Save changes");

        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("changed it since you opened");
        await Assertions.Expect(page.Locator(".field-error")).ToHaveTextAsync(
            ["Saved now: before", "Saved now: theirs", "Saved now: theirs"]);
        Assert.Equal("before", (await project.Api.VirtualKeys.GetAsync(created.Id)).Name);

        // The person takes over what the other one has saved, and saves again.
        await page.GetByLabel("Description").FillAsync("theirs");
        await page.GetByLabel("Permissions").FillAsync("theirs");
        await person.PressAsync("Save changes");
        await Assertions.Expect(page.GetByText("The changes are saved")).ToBeVisibleAsync();
        var saved = await project.Api.VirtualKeys.GetAsync(created.Id);
        Assert.Equal(("mine", "theirs"), (saved.Name, saved.Description));
        Assert.Equal(["theirs"], saved.Permissions);
    }

    [Fact]
    public async Task A_reload_after_a_change_changes_nothing()
    {
        var project = await service.CreateProjectAsync();
        var created = await CreateKeyAsync(project);
        await using var person = await service.SignInAsync(project.ApiKey);
        var page = await OpenAsync(person, created.Id);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("once");
        await person.PressAsync("Save changes");
        await Assertions.Expect(page.GetByText("The changes are saved")).ToBeVisibleAsync();

        await page.ReloadAsync();

        await Assertions.Expect(page.GetByText("The changes are saved")).ToBeVisibleAsync();
        Assert.Equal("2", (await project.Api.VirtualKeys.GetAsync(created.Id)).Revision);
    }

    private static async Task<IPage> OpenAsync(ConsolePerson person, string id)
    {
        await person.Page.GotoAsync($"/console/keys/{id}");
        await person.UnfoldAsync("Edit");
        return person.Page;
    }

    /// <summary>Creates a key with texts that a form could alter.</summary>
    private static async Task<VirtualKey> CreateKeyAsync(TestProject project) =>
        (await project.Api.VirtualKeys.CreateAsync(new CreateVirtualKey
        {
            Name = "before",
            Description = "\nfirst line\r\nsecond line",
            ExternalId = "ext-1",
            ExpiresAt = new DateTimeOffset(2099, 1, 2, 3, 4, 5, 678, TimeSpan.Zero),
            Permissions = ["a,b"],
            AllowedIps = ["10.0.0.0/8", "2001:db8::/48"],
            Metadata = new Dictionary<string, string> { ["team = old"] = "a\nb", ["note"] = "" },
            ProviderCredentialIds = ["credential, the first"],
            Config = JsonElement.Parse("""{"limit": 1, "old": true}"""),
        })).VirtualKey;
}
