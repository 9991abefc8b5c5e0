import express, { type NextFunction, type Request, type RequestHandler, type Response } from 'express';
import helmet from 'helmet';
import { plainHttp } from '../domain/errors.js';

/** Everything comes from the desk itself and nothing is inline; nobody may put it into a frame. */
const CONTENT_SECURITY_POLICY = {
  'default-src': ["'none'"],
  'script-src': ["'self'"],
  'style-src': ["'self'"],
  'connect-src': ["'self'"],
  'img-src': ["'self'"],
  'font-src': ["'self'"],
  'base-uri': ["'none'"],
  'form-action': ["'none'"],
  'frame-ancestors': ["'none'"],
};

const YEAR_SECONDS = 31_536_000;

/** Headers of every answer. */
export function securityHeaders(secure: boolean): RequestHandler {
  return helmet({
    contentSecurityPolicy: { useDefaults: false, directives: CONTENT_SECURITY_POLICY },
    strictTransportSecurity: secure ? { maxAge: YEAR_SECONDS, includeSubDomains: false } : false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
  }) as RequestHandler;
}

/** With TLS on, a request that came without it gets nothing, not even a cookie that might be read on the way. */
export function requireTls(req: Request, res: Response, next: NextFunction): void {
  if (req.secure) return next();
  const { reason, message } = plainHttp();
  res.status(403).json({ reason, message });
}

/** Answers of the API are about people: no cache may keep them. */
export function noStore(_req: Request, res: Response, next: NextFunction): void {
  res.set('cache-control', 'no-store');
  next();
}

/** The built page. Assets carry a hash in their names and never change; the page that names them is always asked for again. */
export function servePage(folder: string): RequestHandler {
  return express.static(folder, {
    index: 'index.html',
    setHeaders: (res, path) => {
      const hashed = /[\\/]assets[\\/]/.test(path);
      res.setHeader('cache-control', hashed ? `public, max-age=${YEAR_SECONDS}, immutable` : 'no-cache');
    },
  });
}
