using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class ProjectTests(ConsoleService service)
{
    [Fact]
    public async Task An_administrator_creates_a_project_and_its_first_API_key_works()
    {
        await using var person = await service.SignInAsync(service.AdminKey, new() { JavaScriptEnabled = false });
        var page = person.Page;
        await page.GotoAsync("/console");
        await page.WaitForURLAsync("**/console/projects");
        await page.GetByRole(AriaRole.Link, new() { Name = "Create a project" }).ClickAsync();
        await page.GetByLabel("Name").FillAsync(new string('x', 256));
        await person.PressAsync("Create project");
        await Assertions.Expect(page.Locator(".field-error")).ToContainTextAsync("Must have at most 255 characters");

        await page.GetByLabel("Name").FillAsync("the shop");
        await person.PressAsync("Create project");

        var field = page.GetByLabel("New secret", new() { Exact = true });
        var secret = await field.InputValueAsync();
        await page.ReloadAsync();
        Assert.Equal(secret, await field.InputValueAsync());
        using var api = service.CreateClient(secret);
        var caller = await api.GetCallerAsync();
        Assert.Equal(ApiKeyPermissions.All.Order(), caller.Permissions.Order());
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the project" }).ClickAsync();
        await page.WaitForURLAsync($"**/console/projects/{caller.ProjectId}");
        await Assertions.Expect(page.Locator(".events > li").Last).ToContainTextAsync("project.created");
    }

    [Fact]
    public async Task Projects_are_paged_and_archived_ones_are_apart()
    {
        using var admin = service.CreateClient(service.AdminKey);
        for (var number = 0; number < 26; number++) await service.CreateProjectAsync($"project {number}");
        var archived = await service.CreateProjectAsync("put away");
        await admin.Projects.ArchiveAsync(archived.Id);
        await using var person = await service.SignInAsync(service.AdminKey);
        var page = person.Page;
        var rows = page.Locator("tbody tr");

        await Assertions.Expect(rows).ToHaveCountAsync(25);
        await Assertions.Expect(rows.First).ToContainTextAsync("project 25");
        await page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(rows.First).ToContainTextAsync("project 0");
        await page.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Assertions.Expect(rows.First).ToContainTextAsync("project 25");

        await page.GetByRole(AriaRole.Link, new() { Name = "Archived" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "put away" }).ClickAsync();
        await page.WaitForURLAsync($"**/console/projects/{archived.Id}");
        await Assertions.Expect(page.Locator(".title .badge")).ToHaveTextAsync("archived");
    }

    [Fact]
    public async Task A_project_is_renamed_and_limited()
    {
        var project = await service.CreateProjectAsync("before");
        using var admin = service.CreateClient(service.AdminKey);
        await using var person = await service.SignInAsync(service.AdminKey, new() { JavaScriptEnabled = false });
        var page = await OpenAsync(person, project);
        await person.UnfoldAsync("Edit");
        await page.GetByLabel("Name").FillAsync("after");
        await page.GetByLabel("Virtual key limit").FillAsync("1000001");
        await person.PressAsync("Save changes");
        await Assertions.Expect(page.Locator(".field-error")).ToHaveTextAsync("Must be between 0 and 1000000.");
        await Assertions.Expect(page.GetByLabel("Name")).ToHaveValueAsync("after");
        await page.GetByLabel("Virtual key limit").FillAsync("1e2");
        await person.PressAsync("Save changes");
        await Assertions.Expect(page.Locator(".field-error")).ToHaveTextAsync("Must be a whole number.");
        await page.GetByLabel("Virtual key limit").FillAsync("7");
        await person.PressAsync("Save changes");

        await Assertions.Expect(page.GetByText("The changes are saved")).ToBeVisibleAsync();
        var saved = await admin.Projects.GetAsync(project.Id);
        Assert.Equal(("after", 7), (saved.Name, saved.MaxVirtualKeys));

        // The default returns, and a change by somebody else is not overwritten.
        await person.UnfoldAsync("Edit");
        await page.GetByLabel("Virtual key limit").FillAsync("");
        await admin.Projects.UpdateAsync(project.Id, new UpdateProject { Name = "theirs" });
        await person.PressAsync("Save changes");
        await Assertions.Expect(page.Locator(".field-error")).ToHaveTextAsync(["Saved now: theirs", "Saved now: 7"]);
        Assert.Equal(7, (await admin.Projects.GetAsync(project.Id)).MaxVirtualKeys);
        await page.GetByLabel("Name").FillAsync("theirs");
        await person.PressAsync("Save changes");
        await Assertions.Expect(page.GetByText("The changes are saved")).ToBeVisibleAsync();
        saved = await admin.Projects.GetAsync(project.Id);
        Assert.Equal(("theirs", 10_000), (saved.Name, saved.MaxVirtualKeys));
    }

    [Fact]
    public async Task A_project_is_disabled_with_a_reason_and_enabled_again()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(service.AdminKey);
        var page = await OpenAsync(person, project);
        await person.UnfoldAsync("Disable");
        await page.GetByLabel("Reason").FillAsync(new string('x', 501));
        await person.PressAsync("Disable project");
        await Assertions.Expect(page.Locator(".field-error")).ToContainTextAsync("Must have at most 500 characters");
        await page.GetByLabel("Reason").FillAsync("does not pay");
        await person.PressAsync("Disable project");

        await Assertions.Expect(page.Locator("dl")).ToContainTextAsync("does not pay");
        await Assertions.Expect(page.Locator(".title .badge")).ToHaveTextAsync("disabled");
        var refused = await Assert.ThrowsAsync<KeysApiException>(() => project.CreateKeyAsync("refused"));
        Assert.Equal("project_disabled", refused.ErrorCode);

        await person.PressAsync("Enable project");
        await Assertions.Expect(page.Locator(".title .badge")).ToHaveTextAsync("active");
        await project.CreateKeyAsync("accepted");
    }

    [Fact]
    public async Task A_project_is_archived_and_erased_only_when_its_name_is_typed()
    {
        var project = await service.CreateProjectAsync("the old shop");
        using var admin = service.CreateClient(service.AdminKey);
        await using var person = await service.SignInAsync(service.AdminKey, new() { JavaScriptEnabled = false });
        var page = await OpenAsync(person, project);
        await person.UnfoldAsync("Archive");
        await page.GetByLabel("to confirm").FillAsync("the shop");
        await person.PressAsync("Archive project");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nothing was changed");
        Assert.Equal(ProjectStatus.Active, (await admin.Projects.GetAsync(project.Id)).Status);

        await page.GetByLabel("to confirm").FillAsync("the old shop");
        await person.PressAsync("Archive project");
        await Assertions.Expect(page.Locator(".title .badge")).ToHaveTextAsync("archived");
        await Assert.ThrowsAsync<KeysApiException>(() => project.CreateKeyAsync("refused"));

        await page.GotoAsync(page.Url);
        await person.UnfoldAsync("Erase");
        await page.GetByLabel("to confirm").FillAsync("shop");
        await person.PressAsync("Erase project");
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("nothing was changed");
        await page.GetByLabel("to confirm").FillAsync("the old shop");
        await person.PressAsync("Erase project");
        await Assertions.Expect(page.GetByText("The project is being erased")).ToBeVisibleAsync();

        // The page of what remains has the id as its title.
        await Wait.UntilAsync(async () =>
        {
            await page.GotoAsync($"/console/projects/{project.Id}");
            return await page.Locator(".title .badge").TextContentAsync() == "erased";
        });
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync(project.Id);
        await Assertions.Expect(page.Locator("main button")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_project_that_does_not_exist_is_not_found()
    {
        await using var person = await service.SignInAsync(service.AdminKey);

        var response = await person.Page.GotoAsync("/console/projects/project_01M8J3E5JZY5MVJ6FE1J607SW1");

        Assert.Equal(404, response!.Status);
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("There is no project");
    }

    private static async Task<IPage> OpenAsync(ConsolePerson person, TestProject project)
    {
        await person.Page.GotoAsync($"/console/projects/{project.Id}");
        return person.Page;
    }
}
