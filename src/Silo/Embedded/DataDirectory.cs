using System.Security.Cryptography;
using System.Text;
using KeysCluster.Hosting;

namespace KeysCluster.Silo.Embedded;

/// <summary>
/// The folder of the embedded topology. It contains the database, the pepper and the admin key. One process at a time
/// can open it, and only its owner can read it.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _path;
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock) => (_path, _lock) = (path, @lock);

    public string AdminKeyFile => Path.Combine(_path, "admin-key");

    private string DatabaseFile => GetDatabaseFile(_path);

    private string PepperFile => GetPepperFile(_path);

    /// <summary>Opens the folder; creates it if it does not exist.</summary>
    /// <exception cref="StartupException">Another process has opened it, or it is not accessible.</exception>
    public static DataDirectory Open(string path)
    {
        path = Path.GetFullPath(path);
        try
        {
            CreateDirectoryForOwner(path);
            return new DataDirectory(path, OpenExclusively(Path.Combine(path, "lock")));
        }
        catch (IOException) when (Directory.Exists(path))
        {
            throw new StartupException(
                $"Another process uses the data directory {path}. "
                + "Stop it, or set Keys:DataDirectory to another folder.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"The data directory {path} cannot be used: {exception.Message}");
        }
    }

    /// <summary>Returns the path of the database of a folder.</summary>
    public static string GetDatabaseFile(string path) => Path.Combine(Path.GetFullPath(path), "keys.db");

    /// <summary>Returns the pepper of a folder in base64; null if there is none.</summary>
    public static string? FindPepper(string path) =>
        File.Exists(GetPepperFile(path)) ? File.ReadAllText(GetPepperFile(path)).Trim() : null;

    /// <summary>Returns the pepper in base64; null if there is none.</summary>
    public string? FindPepper() => FindPepper(_path);

    /// <summary>Returns the pepper in base64. Creates it if there is no database yet.</summary>
    /// <exception cref="StartupException">The file is missing, and the database was written with it.</exception>
    public string GetOrCreatePepper()
    {
        if (FindPepper() is { } pepper) return pepper;
        if (File.Exists(DatabaseFile))
        {
            throw new StartupException(
                $"The file {PepperFile} is missing. "
                + "Without it, no secret in the database can be validated; restore it.");
        }

        return Create(PepperFile, Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)));
    }

    /// <summary>Returns the admin key; creates it if there is none.</summary>
    public string GetOrCreateAdminKey() => File.Exists(AdminKeyFile)
        ? File.ReadAllText(AdminKeyFile).Trim()
        : Create(AdminKeyFile, AdminKeyGenerator.Create());

    /// <summary>
    /// Returns the path of the database; creates an empty file if there is none. SQLite gives its other files the mode
    /// of this one.
    /// </summary>
    public string EnsureDatabaseFile()
    {
        if (!File.Exists(DatabaseFile)) CreateFileForOwner(DatabaseFile).Dispose();
        return DatabaseFile;
    }

    public void Dispose() => _lock.Dispose();

    private static string GetPepperFile(string path) => Path.Combine(Path.GetFullPath(path), "pepper");

    private static FileStream OpenExclusively(string path) =>
        new(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    /// <summary>Writes a file completely or not at all: a crash leaves no incomplete pepper.</summary>
    private static string Create(string path, string content)
    {
        var draft = path + ".new";
        File.Delete(draft);
        using (var file = CreateFileForOwner(draft))
        {
            file.Write(Encoding.ASCII.GetBytes(content + "\n"));
            file.Flush(flushToDisk: true);
        }

        File.Move(draft, path);
        return content;
    }

    private static FileStream CreateFileForOwner(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = OwnerOnly;
        return new FileStream(path, options);
    }

    private static void CreateDirectoryForOwner(string path)
    {
        if (OperatingSystem.IsWindows()) Directory.CreateDirectory(path);
        else if (!Directory.Exists(path)) Directory.CreateDirectory(path, OwnerOnly | UnixFileMode.UserExecute);
    }
}
