using Microsoft.Playwright;

namespace KeysCluster.Console.Tests;

[Collection(ConsoleService.CollectionName)]
public sealed class KeyListTests(ConsoleService service)
{
    [Fact]
    public async Task Keys_are_searched_by_the_beginning_of_their_name_and_by_their_id()
    {
        var project = await service.CreateProjectAsync();
        await project.CreateKeyAsync("billing");
        var searched = await project.CreateKeyAsync("search engine");
        await using var person = await service.SignInAsync(project.ApiKey);
        var search = person.Page.GetByRole(AriaRole.Searchbox);

        await search.FillAsync("search");
        await person.PressAsync("Search");
        await Assertions.Expect(person.Page.Locator("tbody tr")).ToHaveCountAsync(1);
        await Assertions.Expect(person.Page.Locator("tbody")).ToContainTextAsync("search engine");

        await search.FillAsync("nothing");
        await person.PressAsync("Search");
        await Assertions.Expect(person.Page.GetByText("No key matches")).ToBeVisibleAsync();

        await search.FillAsync(searched.VirtualKey.Id);
        await person.PressAsync("Search");
        await person.Page.WaitForURLAsync($"**/console/keys/{searched.VirtualKey.Id}");
    }

    [Fact]
    public async Task Keys_are_filtered_and_paged()
    {
        var project = await service.CreateProjectAsync();
        for (var number = 0; number < 27; number++) await project.CreateKeyAsync($"key {number}");
        var disabled = await project.CreateKeyAsync("the disabled one");
        await project.Api.VirtualKeys.DisableAsync(disabled.VirtualKey.Id);
        await using var person = await service.SignInAsync(project.ApiKey);
        var rows = person.Page.Locator("tbody tr");

        await Assertions.Expect(rows).ToHaveCountAsync(25);
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "Next page" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(3);
        await person.Page.GetByRole(AriaRole.Link, new() { Name = "First page" }).ClickAsync();
        await Assertions.Expect(rows).ToHaveCountAsync(25);

        await person.Page.GetByLabel("Status").SelectOptionAsync("disabled");
        await person.PressAsync("Search");
        await Assertions.Expect(rows).ToHaveCountAsync(1);
        await Assertions.Expect(rows).ToContainTextAsync("the disabled one");
    }

    [Fact]
    public async Task A_project_without_keys_says_how_they_appear()
    {
        var project = await service.CreateProjectAsync();
        await using var person = await service.SignInAsync(project.ApiKey);

        await Assertions.Expect(person.Page.GetByText("No keys yet")).ToBeVisibleAsync();
    }
}
